import bcrypt from 'bcryptjs';
import { LoginDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { storeAccount } from '../support/stored-account.ts';
import { createTestClient, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const cost = 5;

describe('who tries to find out which accounts exist (ASVS 5.0 6.3.8)', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ BCRYPT_COST: String(cost), METRICS_PORT: '0' });
  });
  afterAll(() => gateway.stop());

  const importAccount = async (passwordHash: string, disabledAt?: Date) => {
    const email = freshEmail();
    await storeAccount(gateway.query, { email, passwordHash, ...(disabledAt && { disabledAt }) });
    return email;
  };
  const compared = async () => {
    const text = await (await fetch(`${gateway.metricsOrigin}/metrics`)).text();
    return Number(/^gatehouse_hash_duration_seconds_count (\d+)$/m.exec(text)?.[1]);
  };
  const guess = (identifier: string, password: string) =>
    createTestClient(gateway.origin).send(LoginDocument, {
      input: { identifier, password, delivery: 'BODY' },
    });

  it.each([
    ['a password', 'not the password'],
    ['one that other programs may have hashed in another form', 'pas le café au lait'],
  ])(
    'sees the same answer after the same work for each of them, with %s',
    async (_name, password) => {
      const present = await bcrypt.hash(goodPassword, cost);
      const cheaper = await bcrypt.hash(goodPassword, cost - 1);
      const kinds = {
        unknown: async () => freshEmail('nobody'),
        'unknown username': async () => `nobody-${Date.now()}`,
        malformed: async () => `${freshEmail()}@@`,
        known: () => importAccount(present),
        disabled: () => importAccount(present, new Date()),
        'of a lower cost': () => importAccount(cheaper),
        'without a hash': () => importAccount('!'),
      };
      const comparisons = new Set<number>();
      const answers = new Set<string>();
      for (const makeIdentifier of Object.values(kinds)) {
        const identifier = await makeIdentifier();
        const before = await compared();
        const answer = await guess(identifier, password);
        comparisons.add((await compared()) - before);
        answers.add(answer.text);
        expect(refusalOf(answer)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      }
      expect(answers.size).toBe(1);
      // What one takes is counted in test/passwords/password-scheme.test.ts.
      expect([...comparisons]).toEqual([1]);
    },
  );
});
