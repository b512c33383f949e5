import bcrypt from 'bcryptjs';
import { LoginDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { storeAccount } from '../support/stored-account.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** An account of each `passwordHash`, as an import would write them. */
async function importAccounts({ query }: TestGateway, passwordHash: string, count = 1) {
  const emails = Array.from({ length: count }, () => freshEmail('imported'));
  for (const email of emails) await storeAccount(query, { email, passwordHash });
  return emails;
}

async function hashOf({ query }: TestGateway, email: string): Promise<string> {
  const rows = await query('SELECT password_hash FROM users WHERE email = $1', [email]);
  return rows[0].password_hash;
}

function logIn({ origin }: TestGateway, identifier: string, password = goodPassword) {
  return createTestClient(origin).send(LoginDocument, {
    input: { identifier, password, delivery: 'BODY' },
  });
}

describe.each([
  { scheme: 'bcrypt', form: /^\$2b\$04\$/ },
  { scheme: 'argon2id', form: /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/ },
])('password hashes under $scheme', ({ scheme, form }) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ PASSWORD_SCHEME: scheme });
  });
  afterAll(() => gateway.stop());

  it('are of that scheme, and of none but NFC text', async () => {
    const email = freshEmail();
    const typed = 'cafe\u0301 au lait, s’il te plai\u0302t';
    const client = createTestClient(gateway.origin);
    dataOf(await client.send(RegisterDocument, { input: { email, password: typed } }));
    expect(await hashOf(gateway, email)).toMatch(form);

    dataOf(await logIn(gateway, email, typed.normalize('NFC')));
    dataOf(await logIn(gateway, email, typed.normalize('NFD')));
    expect(refusalOf(await logIn(gateway, email, typed.replaceAll(/\p{M}/gu, '')))).toBe(
      'UNAUTHENTICATED/INVALID_CREDENTIALS',
    );
  });

  it.each(['a', 'b', 'y'])(
    'are renewed at the log-in to an imported $2%s$ one',
    async (variant) => {
      const imported = (await bcrypt.hash(goodPassword, 5)).replace('$2b$', `$2${variant}$`);
      const [email = ''] = await importAccounts(gateway, imported);

      expect(refusalOf(await logIn(gateway, email, 'wrong password'))).toBe(
        'UNAUTHENTICATED/INVALID_CREDENTIALS',
      );
      expect(await hashOf(gateway, email)).toBe(imported);

      dataOf(await logIn(gateway, email));
      const renewed = await hashOf(gateway, email);
      expect(renewed).toMatch(form);
      dataOf(await logIn(gateway, email));
      expect(await hashOf(gateway, email)).toBe(renewed);
    },
  );

  const long = `${'Ein langer Satz '.repeat(6)}mit Ende`;
  it.each([
    ['of NFD text', 'cafe\u0301 au lait', ['café au lait', 'cafe\u0301 au lait'], ['cafe au lait']],
    [
      'of text in two forms at once',
      'cafe\u0301 olé au lait',
      ['cafe\u0301 olé au lait'],
      ['cafe\u0301 ole au lait'],
    ],
    ['of a password that was cut at 72 bytes', long, [long], [long.slice(0, 71)]],
  ])(
    'are renewed at the first log-in to an imported one %s, which is then of the whole password',
    async (_name, hashed, typed, wrong) => {
      for (const password of typed) {
        const imported = (await bcrypt.hash(hashed, 4)).replace('$2b$', '$2a$');
        const [email = ''] = await importAccounts(gateway, imported);
        for (const other of wrong) {
          expect(refusalOf(await logIn(gateway, email, other))).toBe(
            'UNAUTHENTICATED/INVALID_CREDENTIALS',
          );
        }
        expect(await hashOf(gateway, email)).toBe(imported);

        dataOf(await logIn(gateway, email, password));
        const renewed = await hashOf(gateway, email);
        expect(renewed).not.toBe(imported);
        dataOf(await logIn(gateway, email, password));
        expect(await hashOf(gateway, email)).toBe(renewed);
        expect(refusalOf(await logIn(gateway, email, `${password} and more`))).toBe(
          'UNAUTHENTICATED/INVALID_CREDENTIALS',
        );
      }
    },
  );

  it('are renewed once by log-ins at the same time, all of which succeed', async () => {
    const [email = ''] = await importAccounts(gateway, await bcrypt.hash(goodPassword, 5));
    const answers = await Promise.all([1, 2, 3, 4].map(() => logIn(gateway, email)));
    for (const answer of answers) dataOf(answer);
    expect(await hashOf(gateway, email)).toMatch(form);
  });

  it.each(['!', 'x', '$2b$10$tooShort'])('never match the placeholder %j', async (placeholder) => {
    const [email = ''] = await importAccounts(gateway, placeholder);
    for (const password of [placeholder.padEnd(8), goodPassword]) {
      expect(refusalOf(await logIn(gateway, email, password))).toBe(
        'UNAUTHENTICATED/INVALID_CREDENTIALS',
      );
    }
  });
});

describe('a log-in while the password is changed', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ BCRYPT_COST: '9' });
  });
  afterAll(() => gateway.stop());

  it('with the old one opens no session, and does not bring the old one back', async () => {
    const outdated = await bcrypt.hash(goodPassword, 8);
    const changed = await bcrypt.hash('another good password', 4);
    const emails = await importAccounts(gateway, outdated, 5);
    const answers = emails.map((email) => logIn(gateway, email));
    // All wait for one thread: at the first answer, the others have been read and are being compared.
    await Promise.race(answers);
    await gateway.query('UPDATE users SET password_hash = $1 WHERE email = ANY($2)', [
      changed,
      emails,
    ]);
    const refused = (await Promise.all(answers)).filter(({ errors }) => errors.length > 0);

    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    }
    for (const email of emails) expect(await hashOf(gateway, email)).toBe(changed);
    const [{ count }] = await gateway.query(
      'SELECT count(*)::int FROM sessions s JOIN users u ON u.id = s.user_id WHERE email = ANY($1)',
      [emails],
    );
    expect(count).toBe(emails.length - refused.length);
  });
});
