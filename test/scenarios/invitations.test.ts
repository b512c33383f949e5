import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/config/config.ts';
import { runMigrations } from '../../src/db/migrate.ts';
import {
  CreateUserDocument,
  type CreateUserMutationVariables,
  DisableUserDocument,
  UserDetailsDocument,
  UsersDocument,
} from '../generated/administration/graphql.ts';
import {
  LoginDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
} from '../generated/graphql.ts';
import {
  registerAdministrator,
  registerPerson,
  type TestAdministrator,
} from '../support/administrators.ts';
import { createFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

const reason = 'joined the team';
const invitation = /^Your account at Gatehouse$/;

const choosePassword = (gateway: TestGateway, token: string | undefined) =>
  createTestClient(gateway.origin).send(ResetPasswordDocument, {
    input: { token: token ?? '', newPassword: goodPassword },
  });
const logIn = (gateway: TestGateway, identifier: string, password = goodPassword) =>
  createTestClient(gateway.origin).send(LoginDocument, { input: { identifier, password } });

describe('an invitation', () => {
  let gateway: MailGateway;
  let admin: TestAdministrator;
  let support: TestAdministrator;
  beforeAll(async () => {
    gateway = await startMailGateway();
    await gateway.query(`INSERT INTO roles (name, is_default) VALUES ('helper', false)`);
    await gateway.query(
      `INSERT INTO role_permissions (role, scope)
       VALUES ('helper', 'users:read'), ('helper', 'users:write')`,
    );
  });
  beforeEach(async () => {
    admin = await registerAdministrator(gateway);
    support = await registerAdministrator(gateway, 'helper');
  });
  afterAll(async () => {
    await gateway.query(`DELETE FROM user_roles WHERE role = 'helper'`);
    await gateway.query(`DELETE FROM roles WHERE name = 'helper'`);
    await gateway.stop();
  });

  const invite = (
    input: Omit<CreateUserMutationVariables['input'], 'reason'>,
    inviter: TestAdministrator = admin,
  ) => inviter.ask(CreateUserDocument, { input: { reason, ...input } });
  const accountsWith = async (email: string) =>
    (await gateway.query('SELECT FROM users WHERE email = $1', [email])).length;

  it('makes an account that only the mailed link opens, once', async () => {
    const email = freshEmail('grace');
    const username = `grace-${randomUUID().slice(0, 8)}`;
    const { user } = dataOf(
      await invite({ email, username, firstName: 'Grace', roles: ['helper'] }),
    ).createUser;
    expect(user).toMatchObject({ email, username, emailVerified: false });
    expect(user.roles).toEqual(['helper', 'user']);
    expect(refusalOf(await logIn(gateway, email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');

    const { token } = await gateway.mail.mailAbout(email, invitation);
    dataOf(await choosePassword(gateway, token));
    const signedIn = dataOf(await logIn(gateway, username)).login.user;
    expect(signedIn).toMatchObject({ email, emailVerified: true, roles: ['helper', 'user'] });
    expect(refusalOf(await choosePassword(gateway, token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
    const { text } = await gateway.mail.mailAbout(email, /is ready/);
    expect(text).toContain('A password was set for your account');
    expect(text).not.toContain('signed out');

    const details = dataOf(await admin.ask(UserDetailsDocument, { id: user.id })).user;
    expect(details?.events.nodes.at(-1)).toEqual({
      type: 'account.created',
      actorId: admin.id,
      detail: { reason, invited: true, roles: 'helper' },
    });
  });

  it('lives a week; after that a reset of the password takes its place', async () => {
    const email = freshEmail('grace');
    dataOf(await invite({ email }));
    const { token, text } = await gateway.mail.mailAbout(email, invitation);
    expect(text).toContain('once, for 7 days.');
    gateway.clock.advance(7 * 86_400_000);
    expect(refusalOf(await choosePassword(gateway, token))).toBe(
      'FORBIDDEN/ONE_TIME_TOKEN_EXPIRED',
    );

    const client = createTestClient(gateway.origin);
    dataOf(await client.send(RequestPasswordResetDocument, { input: { email } }));
    const reset = await gateway.mail.mailAbout(email, /Set a new password/);
    dataOf(await choosePassword(gateway, reset.token));
    expect(dataOf(await logIn(gateway, email)).login.user.email).toBe(email);
  });

  it('opens nothing once the account is disabled', async () => {
    const email = freshEmail('grace');
    const { user } = dataOf(await invite({ email })).createUser;
    const { token } = await gateway.mail.mailAbout(email, invitation);
    dataOf(await admin.ask(DisableUserDocument, { input: { userId: user.id, reason } }));
    expect(refusalOf(await choosePassword(gateway, token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
  });

  it('hands out no administration scope that its sender lacks', async () => {
    const email = freshEmail('grace');
    expect(refusalOf(await invite({ email, roles: ['admin'] }, support))).toBe(
      'FORBIDDEN/POLICY_DENIED',
    );
    expect(await accountsWith(email)).toBe(0);
    const helped = dataOf(await invite({ email, roles: ['helper'] }, support)).createUser;
    expect(helped.user.roles).toEqual(['helper', 'user']);
  });

  it('names what is wrong with it, and makes nothing', async () => {
    const email = freshEmail('grace');
    const wrong = await invite({ email, username: 'a@b', firstName: 'x'.repeat(101) });
    expect(wrong.errors[0]?.extensions.fields).toMatchObject([
      { path: 'username', rule: 'USERNAME' },
      { path: 'firstName', rule: 'MAX_LENGTH' },
    ]);
    const unknown = await invite({ email, roles: ['user', 'emperor'] });
    expect(unknown.errors[0]?.extensions.fields).toMatchObject([
      { path: 'roles', rule: 'UNKNOWN_ROLE' },
    ]);
    const silent = await admin.ask(CreateUserDocument, { input: { email, reason: ' ' } });
    expect(silent.errors[0]?.extensions.fields).toMatchObject([{ path: 'reason' }]);
    const taken = await invite({ email: admin.email.toUpperCase() });
    expect(refusalOf(taken)).toBe('CONFLICT/EMAIL_TAKEN');

    expect(await accountsWith(email)).toBe(0);
    dataOf(await invite({ email }));
    await gateway.mail.mailAbout(email, invitation);
    expect((await gateway.mail.mailsTo(email)).length).toBe(1);
    // That of the registration, which may come after: mails overtake each other.
    await gateway.mail.mailsTo(admin.email);
    expect(gateway.mail.received.filter(({ to }) => to?.[0]?.address === admin.email)).toHaveLength(
      1,
    );
  });
});

describe('the first administrator', () => {
  let database: FreshDatabase;
  let mail: MailServer;
  const clock = createTestClock();
  const gateways: TestGateway[] = [];
  beforeAll(async () => {
    database = await createFreshDatabase();
    await runMigrations(database.target);
    mail = await startMailServer();
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.stop();
    await mail.stop();
    await database.remove();
  });

  const start = async (email: string, target?: FreshDatabase['target']) => {
    const gateway = await startTestGateway(
      { SMTP_URL: mail.url, ADMIN_EMAIL: email },
      clock,
      target,
    );
    gateways.push(gateway);
    return gateway;
  };
  const invited = (gateway: TestGateway) =>
    gateway.lines.filter((line) => line.includes('administrator.invited'));

  it('is invited once by however many processes start on an empty database, and administers it', async () => {
    const email = freshEmail('first');
    const { target } = database;
    const started = await Promise.all([
      start(email, target),
      start(email, target),
      start(freshEmail('other'), target),
    ]);
    const [line, ...others] = started.flatMap(invited);
    expect(line).not.toContain('@');
    expect(others).toEqual([]);
    expect(await start(email, target).then(invited)).toEqual([]);

    const [gateway] = started;
    await waitUntil(async () => mail.received.length > 0);
    const [letter] = mail.received;
    const [invitee = ''] = letter?.recipients ?? [];
    dataOf(await choosePassword(gateway, letter?.token));
    const { login } = dataOf(await logIn(gateway, invitee));
    const client = createTestClient(gateway.origin, '/admin/graphql');
    const { users } = dataOf(await client.send(UsersDocument, {}, login));
    expect(users.nodes).toMatchObject([{ email: invitee, roles: ['admin', 'user'] }]);
    const details = dataOf(await client.send(UserDetailsDocument, { id: login.user.id }, login));
    expect(details.user?.events.nodes).toContainEqual({
      type: 'account.created',
      actorId: null,
      detail: { by: 'command line', reason: 'ADMIN_EMAIL', invited: true, roles: 'admin' },
    });
    const letters = mail.received.filter(({ subject }) => invitation.test(subject ?? ''));
    expect(letters).toHaveLength(1);
  });

  it('is nobody where there is an account', async () => {
    const elsewhere = await startTestGateway();
    await registerPerson(elsewhere);
    await elsewhere.stop();
    const email = freshEmail('late');
    const gateway = await start(email);
    expect(invited(gateway)).toEqual([]);
    expect(await gateway.query('SELECT FROM users WHERE email = $1', [email])).toEqual([]);
  });

  it.each([
    ['ADMIN_EMAIL must be an e-mail address', { ADMIN_EMAIL: 'nobody' }],
    [
      'SMTP_URL is needed in production with ADMIN_EMAIL',
      { ADMIN_EMAIL: freshEmail(), NODE_ENV: 'production' },
    ],
  ])('has an address that mails reach: %s', (problem, env) => {
    expect(() => readConfig(env)).toThrow(
      expect.objectContaining({ problems: expect.arrayContaining([problem]) }),
    );
  });
});
