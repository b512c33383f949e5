import { randomUUID } from 'node:crypto';
import { createEraseOrigins } from '../../src/accounts/erase-origins.ts';
import { ImpersonateDocument } from '../generated/administration/graphql.ts';
import {
  DeleteAccountDocument,
  LoginDocument,
  MeFromTokenDocument,
  RefreshDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
} from '../generated/graphql.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { postgresUrl } from '../support/test-databases.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

const deletedMail = /was deleted/;
/** Milliseconds. The embedded database serves one process, which asks it every half a second. */
const promised = postgresUrl === undefined ? 10_000 : 1_000;
const rounds = postgresUrl === undefined ? 5 : 20;

describe('an account that its holder deletes', () => {
  let here: MailGateway;
  let there: TestGateway;
  beforeAll(async () => {
    here = await startMailGateway();
    there = await startTestGateway({ SMTP_URL: here.mail.url }, here.clock);
  });
  afterAll(async () => {
    await there.stop();
    await here.stop();
  });

  const leave = (
    { client, accessToken }: { client: TestClient; accessToken: string },
    currentPassword = goodPassword,
  ) => client.send(DeleteAccountDocument, { input: { currentPassword } }, { accessToken });
  const logIn = async (identifier: string, gateway: TestGateway = here, userAgent = 'test') => {
    const client = createTestClient(gateway.origin);
    const input = { identifier, password: goodPassword };
    const headers = { 'user-agent': userAgent };
    return { client, answer: await client.send(LoginDocument, { input }, { headers }) };
  };
  const standing = async (gateway: TestGateway, accessToken: string) => {
    const client = createTestClient(gateway.origin);
    const answer = await client.send(MeFromTokenDocument, {}, { accessToken });
    return answer.errors.length === 0 ? 'good' : refusalOf(answer);
  };
  const isRevoked = async (gateway: TestGateway, accessToken: string) =>
    (await standing(gateway, accessToken)) === 'UNAUTHENTICATED/SESSION_REVOKED';

  it('goes with everything that was its own; the audit trail keeps an id that leads to nobody', async () => {
    const email = freshEmail('leaver');
    const username = `leaver-${randomUUID().slice(0, 8)}`;
    const agent = `Peculiar/${randomUUID()}`;
    const client = createTestClient(here.origin);
    const names = { firstName: `First${randomUUID()}`, lastName: `Last${randomUUID()}` };
    const input = { email, password: goodPassword, username, ...names };
    const { accessToken, user } = dataOf(await client.send(RegisterDocument, { input })).register;
    dataOf((await logIn(username, here, agent)).answer);
    const personal = [email, username, names.firstName, names.lastName];
    const before = await dumpDatabase(here.query);
    expect(personal.filter((text) => !before.includes(text))).toEqual([]);

    dataOf(await leave({ client, accessToken }));
    expect(client.cookies.has('refreshToken')).toBe(false);
    const { text, token } = await here.mail.mailAbout(email, deletedMail);
    expect(token).toBeUndefined();
    expect(text).not.toContain('http');
    await waitUntil(async () => {
      const waiting = await here.query('SELECT FROM mail_outbox WHERE recipient = $1', [email]);
      return waiting.length === 0;
    });
    const after = await dumpDatabase(here.query);
    expect(personal.filter((each) => after.includes(each))).toEqual([]);
    expect(refusalOf((await logIn(email)).answer)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');

    const events = () =>
      here.query('SELECT type, ip, user_agent FROM audit_events WHERE user_id = $1 ORDER BY id', [
        user.id,
      ]);
    const types = (await events()).map(({ type }: { type: string }) => type);
    expect(types).toEqual(expect.arrayContaining(['session.opened', 'account.deleted']));
    expect(types.filter((type: string) => type === 'session.revoked')).toHaveLength(2);

    // For a week the trail still tells where a thief would have come from.
    const database = await openTestDatabase(here.clock);
    const eraseOrigins = createEraseOrigins({ ...database, now: here.clock.now });
    await eraseOrigins();
    expect(await dumpDatabase(here.query)).toContain(agent);
    here.clock.advance(7 * 86_400_000 + 1);
    await eraseOrigins();
    await database.stop();
    expect(await dumpDatabase(here.query)).not.toContain(agent);
    expect((await events()).map(({ type }: { type: string }) => type)).toEqual(types);
    expect(await events()).not.toContainEqual(
      expect.objectContaining({ ip: expect.stringContaining('.') }),
    );
    expect(await here.query('SELECT FROM deleted_accounts WHERE user_id = $1', [user.id])).toEqual(
      [],
    );
  });

  it('ends every session at every process at once, and at those that start later', async () => {
    const ada = await here.settle();
    const devices = await Promise.all([here, there].map((each) => logIn(ada.email, each)));
    const tokens = devices.map(({ answer }) => dataOf(answer).login.accessToken);
    for (const token of tokens) expect(await standing(there, token)).toBe('good');
    dataOf(await leave(ada));

    for (const token of [...tokens, ada.accessToken]) {
      expect(await isRevoked(here, token)).toBe(true);
    }
    const took = await Promise.all(
      [...tokens, ada.accessToken].map((token) => waitUntil(() => isRevoked(there, token))),
    );
    expect(Math.max(...took)).toBeLessThan(promised);
    for (const { client } of devices) {
      expect(refusalOf(await client.send(RefreshDocument, {}))).toBe(
        'UNAUTHENTICATED/REFRESH_TOKEN_INVALID',
      );
    }
    const refused = () =>
      here.query<object[]>(
        `SELECT ip, user_agent, detail FROM audit_events
         WHERE user_id = $1 AND type = 'refresh_token.refused'`,
        [ada.session.user.id],
      );
    await waitUntil(async () => (await refused()).length === 2);
    const told = { ip: null, user_agent: null, detail: { why: 'account_deleted' } };
    expect(await refused()).toEqual([told, told]);

    const later = await startTestGateway({}, here.clock);
    const standings = await Promise.all(tokens.map((token) => standing(later, token)));
    await later.stop();
    expect(standings).toEqual(tokens.map(() => 'UNAUTHENTICATED/SESSION_REVOKED'));
  });

  it('stays as it is without the password', async () => {
    const ada = await here.settle();
    expect(refusalOf(await leave(ada, 'not the password'))).toBe(
      'UNAUTHENTICATED/INVALID_CREDENTIALS',
    );
    expect(await standing(here, ada.accessToken)).toBe('good');
    dataOf((await logIn(ada.email)).answer);
    const mails = here.mail.received.filter(({ recipients }) => recipients.includes(ada.email));
    expect(mails.filter(({ subject }) => deletedMail.test(subject ?? ''))).toEqual([]);
    const answer = await ada.client.send(
      'mutation { a: deleteAccount(input: { currentPassword: "1" }) { success } b: deleteAccount(input: { currentPassword: "2" }) { success } }',
      {},
      ada,
    );
    expect(refusalOf(answer)).toBe('OPERATION_LIMIT/CREDENTIAL_FIELDS');
  });

  it('is not deleted by an administrator who acts as its holder', async () => {
    const ada = await here.settle();
    const admin = await registerAdministrator(here);
    const input = { userId: ada.session.user.id, reason: 'ticket 4711' };
    const { impersonate } = dataOf(await admin.ask(ImpersonateDocument, { input }));
    expect(refusalOf(await leave({ ...ada, ...impersonate }))).toBe('FORBIDDEN/POLICY_DENIED');
    expect(await standing(here, ada.accessToken)).toBe('good');
  });

  it('leaves its address to whoever has it next, and its links to nobody', async () => {
    const ada = await here.settle();
    const ask = { input: { email: ada.email } };
    dataOf(await ada.client.send(RequestPasswordResetDocument, ask));
    const { token = '' } = await here.mail.mailAbout(ada.email, /Set a new password/);
    dataOf(await leave(ada));

    const next = await here.settle(ada.email);
    expect(next.session.user.id).not.toBe(ada.session.user.id);
    const input = { token, newPassword: 'another horse, other staples' };
    expect(refusalOf(await next.client.send(ResetPasswordDocument, { input }))).toBe(
      'FORBIDDEN/ONE_TIME_TOKEN_USED',
    );
    dataOf((await logIn(ada.email)).answer);
  });

  it(`leaves nothing open that was opened or refreshed at the same moment, ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = await here.settle();
      const device = await logIn(ada.email, there);
      const [left, refreshed, ...opened] = await Promise.all([
        leave(ada),
        device.client.send(RefreshDocument, {}),
        ...[here, there, here].map((each) => logIn(ada.email, each)),
      ]);
      dataOf(left);
      const rows = await here.query(
        `SELECT id FROM sessions WHERE user_id = $1
         UNION ALL SELECT session_id FROM refresh_tokens WHERE user_id = $1`,
        [ada.session.user.id],
      );
      expect(rows).toEqual([]);
      const tokens = [
        refreshed.data?.refreshToken.accessToken,
        ...opened.map(({ answer }) => answer.data?.login.accessToken),
      ].filter((token) => token !== undefined);
      for (const token of tokens) {
        await waitUntil(() => isRevoked(here, token));
        await waitUntil(() => isRevoked(there, token));
      }
    }
  });
});
