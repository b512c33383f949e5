import { randomUUID } from 'node:crypto';
import {
  ForcePasswordResetDocument,
  ImpersonateDocument,
} from '../generated/administration/graphql.ts';
import { ExportMyDataDocument, LoginDocument, RegisterDocument } from '../generated/graphql.ts';
import {
  registerAdministrator,
  registerPerson,
  type TestPerson,
} from '../support/administrators.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('the data that is kept of a person', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  const ask = (person: Pick<TestPerson, 'accessToken'>) =>
    createTestClient(gateway.origin).send(ExportMyDataDocument, {}, person);
  const logIn = async (identifier: string, userAgent: string) => {
    const client = createTestClient(gateway.origin);
    const input = { identifier, password: goodPassword, delivery: 'BODY' as const };
    const answer = await client.send(
      LoginDocument,
      { input },
      { headers: { 'user-agent': userAgent } },
    );
    return dataOf(answer).login;
  };
  const hashOf = async (userId: string): Promise<string> => {
    const [row] = await gateway.query('SELECT password_hash FROM users WHERE id = $1', [userId]);
    return row.password_hash;
  };

  it('is given to them: the account, its roles, sessions and events, and nobody else’s', async () => {
    const other = await registerPerson(gateway);
    const email = freshEmail();
    const person = { email, username: `ada-${randomUUID().slice(0, 8)}`, firstName: 'Ada' };
    const input = { ...person, password: goodPassword };
    const { register } = dataOf(
      await createTestClient(gateway.origin).send(RegisterDocument, { input }),
    );
    const { session, accessToken } = await logIn(email, 'Peculiar/1.0');
    const { data } = dataOf(await ask({ accessToken })).exportMyData;

    expect(data).toMatchObject({
      exportedAt: gateway.clock.now().toISOString(),
      isComplete: true,
      account: { ...person, id: register.user.id, lastName: null, emailVerifiedAt: null },
      roles: ['user'],
      leftEmails: [],
      authenticators: [],
      recoveryCodesLeft: 0,
      sessions: [
        { id: session.id, userAgent: 'Peculiar/1.0', ip: '127.0.0.1', revokedAt: null },
        { id: register.session.id },
      ],
    });
    const events = data.auditEvents as { type: string; byAdministrator: boolean }[];
    expect(events.map(({ type }) => type)).toEqual([
      'session.opened',
      'session.opened',
      'account.registered',
    ]);
    expect(JSON.stringify(data)).not.toContain(other.id);
    const [kept] = await gateway.query(
      `SELECT type FROM audit_events WHERE user_id = $1 ORDER BY id DESC LIMIT 1`,
      [register.user.id],
    );
    expect(kept).toEqual({ type: 'personal_data.exported' });
  });

  it('holds no secret, and names no administrator', async () => {
    const admin = await registerAdministrator(gateway);
    const ada = await registerPerson(gateway);
    const reason = 'found in a leak';
    dataOf(await admin.ask(ForcePasswordResetDocument, { input: { userId: ada.id, reason } }));
    const { accessToken } = dataOf(
      await admin.ask(ImpersonateDocument, { input: { userId: ada.id, reason } }),
    ).impersonate;
    expect(refusalOf(await ask({ accessToken }))).toBe('FORBIDDEN/POLICY_DENIED');

    // The owner has set the same password as the administrator meanwhile.
    await gateway.query('UPDATE users SET password_hash = $2 WHERE id = $1', [
      ada.id,
      await hashOf(admin.id),
    ]);
    const { accessToken: own, refreshToken } = await logIn(ada.email, 'test');
    const { data } = dataOf(await ask({ accessToken: own })).exportMyData;
    const text = JSON.stringify(data);
    expect(data.auditEvents).toContainEqual(
      expect.objectContaining({ byAdministrator: true, detail: { reason } }),
    );
    const secrets = [await hashOf(ada.id), refreshToken ?? 'none', admin.id];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('stands in tables of which each is given, secret, or on its way out', async () => {
    const tables = await gateway.query(
      `SELECT table_name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'user_id' ORDER BY table_name`,
    );
    expect(tables.map(({ table_name }: { table_name: string }) => table_name)).toEqual([
      'audit_events',
      'deleted_accounts',
      'email_changes',
      'identifiers',
      'identities',
      'mail_outbox',
      'passkey_handles',
      'passkeys',
      'recovery_codes',
      'refresh_tokens',
      'sessions',
      'spent_challenges',
      'totp_factors',
      'totp_setups',
      'user_roles',
      'user_search',
    ]);
  });

  it('is cut at the newest 10,000 of a list, and says so', async () => {
    const ada = await registerPerson(gateway);
    await gateway.query(
      `INSERT INTO audit_events (id, type, at, user_id, detail)
       SELECT gen_random_uuid(), 'login.failed', now(), $1, '{}' FROM generate_series(1, 10000)`,
      [ada.id],
    );
    const { data } = dataOf(await ask(ada)).exportMyData;
    expect(data.isComplete).toBe(false);
    expect(data.auditEvents).toHaveLength(10_000);
  });

  it('is given ten times an hour, and to nobody who is not signed in', async () => {
    const ada = await registerPerson(gateway);
    for (let time = 0; time < 10; time += 1) dataOf(await ask(ada));
    const refused = await ask(ada);
    expect(refusalOf(refused)).toBe('RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const client = createTestClient(gateway.origin);
    expect(refusalOf(await client.send(ExportMyDataDocument, {}))).toBe(
      'UNAUTHENTICATED/TOKEN_MISSING',
    );
  });
});
