import bcrypt from 'bcryptjs';
import { LoginDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { storeAccount } from '../support/stored-account.ts';
import { createTestClient, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const cost = 8;
const rounds = 11;

describe('who tries to find out which accounts exist (ASVS 5.0 6.3.8)', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ BCRYPT_COST: String(cost) });
  });
  afterAll(() => gateway.stop());

  const importAccount = async (passwordHash: string, disabledAt?: Date) => {
    const email = freshEmail();
    await storeAccount(gateway.query, { email, passwordHash, ...(disabledAt && { disabledAt }) });
    return email;
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
      const cheaper = await bcrypt.hash(goodPassword, cost - 4);
      const kinds = {
        unknown: async () => freshEmail('nobody'),
        'unknown username': async () => `nobody-${Date.now()}`,
        malformed: async () => `${freshEmail()}@@`,
        known: () => importAccount(present),
        disabled: () => importAccount(present, new Date()),
        'of a lower cost': () => importAccount(cheaper),
        'without a hash': () => importAccount('!'),
      };
      const works = new Map<string, number[]>();
      const answers = new Set<string>();
      // In turns, and by the least processor time of all threads: what else the machine does only adds.
      for (let round = 0; round < rounds; round += 1) {
        for (const [kind, makeIdentifier] of Object.entries(kinds)) {
          const identifier = await makeIdentifier();
          const before = process.cpuUsage();
          const answer = await guess(identifier, password);
          const { user, system } = process.cpuUsage(before);
          works.set(kind, [...(works.get(kind) ?? []), user + system]);
          answers.add(answer.text);
          expect(refusalOf(answer)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
        }
      }
      expect(answers.size).toBe(1);
      const least = [...works].map(([kind, samples]) => [kind, Math.min(...samples)] as const);
      const usual = median(least.map(([, work]) => work));
      const ratios = least.map(([kind, work]) => [kind, work / usual] as const);
      expect(ratios.filter(([, ratio]) => ratio < 0.75 || ratio > 1.25)).toEqual([]);
    },
  );
});

function median(samples: readonly number[]): number {
  return samples.toSorted((one, other) => one - other)[Math.floor(samples.length / 2)] ?? 0;
}
