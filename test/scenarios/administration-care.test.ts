import {
  AuditEventsDocument,
  CreateUserDocument,
  DeleteUserDocument,
  ExportUserDataDocument,
  LiftThrottleDocument,
  RevokeSessionsDocument,
  SendVerificationDocument,
  UserByIdentifierDocument,
  UsersDocument,
  VerifyUserEmailDocument,
} from '../generated/administration/graphql.ts';
import { LoginDocument, MeDocument, RefreshDocument } from '../generated/graphql.ts';
import { registerAdministrator, type TestAdministrator } from '../support/administrators.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

const reason = 'ticket 4712';

describe('what people ask an administrator for', () => {
  let gateway: MailGateway;
  let admin: TestAdministrator;
  beforeAll(async () => {
    gateway = await startMailGateway();
    admin = await registerAdministrator(gateway);
  });
  afterAll(async () => {
    await gateway.query(`DELETE FROM user_roles WHERE role = 'care'`);
    await gateway.query(`DELETE FROM roles WHERE name = 'care'`);
    await gateway.stop();
  });

  const logIn = (identifier: string, password = goodPassword) =>
    createTestClient(gateway.origin).send(LoginDocument, { input: { identifier, password } });
  const me = (accessToken: string) =>
    createTestClient(gateway.origin).send(MeDocument, {}, { accessToken });
  const eventsOf = async (userId: string, type: string) => {
    const answer = await admin.ask(AuditEventsDocument, { filter: { userId, types: [type] } });
    return dataOf(answer).auditEvents.nodes;
  };
  const find = async (identifier: string) =>
    dataOf(await admin.ask(UserByIdentifierDocument, { identifier })).user;

  it('ends one stolen session, and no other of its owner', async () => {
    const { email, accessToken, session, client } = await gateway.settle();
    const stolen = dataOf(await logIn(email)).login;
    const filter = { sessionId: stolen.session.id };
    const answer = await admin.ask(RevokeSessionsDocument, { input: { filter, reason } });

    expect(dataOf(answer).revokeSessions.count).toBe(1);
    expect(refusalOf(await me(stolen.accessToken))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    expect(dataOf(await me(accessToken)).me?.id).toBe(session.user.id);
    dataOf(await client.send(RefreshDocument, {}));
    expect(await eventsOf(session.user.id, 'session.revoked')).toMatchObject([
      { actorId: admin.id, sessionId: stolen.session.id, detail: { reason } },
    ]);
    const wrong = { filter: { sessionId: 'none' }, reason };
    expect(refusalOf(await admin.ask(RevokeSessionsDocument, { input: wrong }))).toBe(
      'BAD_USER_INPUT',
    );
  });

  it('finds somebody by id, by address and by username, and asks for one of them', async () => {
    const { email, session } = await gateway.settle();
    expect((await find(` ${email.toUpperCase()} `))?.id).toBe(session.user.id);
    expect(await find('no-such-person')).toBeNull();
    const both = { id: session.user.id, identifier: email };
    for (const variables of [both, {}]) {
      const answer = await admin.ask(UserByIdentifierDocument, variables);
      expect(answer.errors[0]?.extensions.fields).toMatchObject([{ path: 'id', rule: 'ONE_OF' }]);
    }
    const byName = await admin.ask(UserByIdentifierDocument, { id: 'not-an-id' });
    expect(dataOf(byName).user).toBeNull();
  });

  it('takes an address as proved, once', async () => {
    const { email, session } = await gateway.settle();
    const input = { userId: session.user.id, reason };
    const first = dataOf(await admin.ask(VerifyUserEmailDocument, { input })).verifyUserEmail;
    expect(first).toMatchObject({ changed: true, user: { emailVerified: true } });
    const second = dataOf(await admin.ask(VerifyUserEmailDocument, { input })).verifyUserEmail;
    expect(second.changed).toBe(false);
    expect(dataOf(await logIn(email)).login.user.emailVerified).toBe(true);
    expect(await eventsOf(session.user.id, 'email.verified')).toMatchObject([
      { actorId: admin.id, detail: { reason } },
    ]);
  });

  it('sends the proof again, or the invitation, and nothing where there is nothing to prove', async () => {
    const { email, session } = await gateway.settle();
    await gateway.mail.mailsTo(email);
    const input = { userId: session.user.id, reason };
    expect(dataOf(await admin.ask(SendVerificationDocument, { input })).sendVerification.sent).toBe(
      true,
    );
    const [first, again] = await gateway.mail.mailsTo(email, 2);
    expect(again?.subject).toBe(first?.subject);
    expect(await eventsOf(session.user.id, 'email.verification_sent')).toMatchObject([
      { actorId: admin.id, detail: { reason } },
    ]);

    const invited = freshEmail('invited');
    const created = await admin.ask(CreateUserDocument, { input: { email: invited, reason } });
    const { id } = dataOf(created).createUser.user;
    await gateway.mail.mailsTo(invited);
    await admin.ask(SendVerificationDocument, { input: { userId: id, reason } });
    const [invitation, repeated] = await gateway.mail.mailsTo(invited, 2);
    expect(repeated?.subject).toBe(invitation?.subject);

    await admin.ask(VerifyUserEmailDocument, { input });
    expect(dataOf(await admin.ask(SendVerificationDocument, { input })).sendVerification.sent).toBe(
      false,
    );
  });

  it('deletes an account for good, tells its owner, and keeps the trail', async () => {
    const { email, accessToken, session } = await gateway.settle();
    const userId = session.user.id;
    const answer = await admin.ask(DeleteUserDocument, { input: { userId, reason } });

    expect(dataOf(answer).deleteUser.revokedCount).toBe(1);
    expect(refusalOf(await me(accessToken))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    expect(refusalOf(await logIn(email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    expect(await find(email)).toBeNull();
    expect(await eventsOf(userId, 'account.deleted')).toMatchObject([
      { actorId: admin.id, detail: { reason } },
    ]);
    expect(await gateway.mail.mailAbout(email, /was deleted/)).toBeDefined();
    const again = await admin.ask(DeleteUserDocument, { input: { userId, reason } });
    expect(refusalOf(again)).toBe('NOT_FOUND/USER_NOT_FOUND');
    const own = await admin.ask(DeleteUserDocument, { input: { userId: admin.id, reason } });
    expect(refusalOf(own)).toBe('FORBIDDEN/POLICY_DENIED');
  });

  it('exports what is kept of somebody, without secrets, and leaves a trace', async () => {
    const { email, session } = await gateway.settle();
    const userId = session.user.id;
    const answer = await admin.ask(ExportUserDataDocument, { input: { userId, reason } });
    const { data } = dataOf(answer).exportUserData;
    expect(data).toMatchObject({ isComplete: true, account: { id: userId, email } });
    expect(JSON.stringify(data)).not.toMatch(/\$2[aby]\$|passwordHash/);
    expect(await eventsOf(userId, 'personal_data.exported')).toMatchObject([
      { actorId: admin.id, detail: { reason } },
    ]);
  });

  it('lifts the waits of an account', async () => {
    const { email, session } = await gateway.settle();
    for (let guess = 0; guess < 8; guess += 1) await logIn(email, 'a wrong guess of a password');
    expect(refusalOf(await logIn(email))).toBe('RATE_LIMITED');
    const input = { userId: session.user.id, reason };
    expect(dataOf(await admin.ask(LiftThrottleDocument, { input })).liftThrottle.success).toBe(
      true,
    );
    dataOf(await logIn(email));
    expect(await eventsOf(session.user.id, 'throttle.lifted')).toMatchObject([
      { actorId: admin.id, detail: { reason } },
    ]);
  });

  it('lifts the limit of an address that many share', async () => {
    const { email } = await gateway.settle();
    for (let round = 0; round < 11; round += 1) {
      const guesses = Array.from({ length: 30 }, () => logIn(freshEmail(), 'a wrong guess'));
      await Promise.all(guesses);
    }
    expect(refusalOf(await logIn(email))).toBe('RATE_LIMITED');
    const answer = await admin.ask(LiftThrottleDocument, { input: { ip: '127.0.0.1', reason } });
    dataOf(answer);
    dataOf(await logIn(email));
  });

  it.each([
    [{}, 'userId', 'REQUIRED'],
    [{ ip: 'localhost' }, 'ip', 'IP'],
  ])('lifts nothing that it is not told: %j', async (whose, path, rule) => {
    const answer = await admin.ask(LiftThrottleDocument, { input: { ...whose, reason } });
    expect(answer.errors[0]?.extensions.fields).toMatchObject([{ path, rule }]);
  });

  it('refuses a misspelt event with the list of those that there are', async () => {
    const filter = { types: ['session.revoked', 'session.revokd'] };
    const answer = await admin.ask(AuditEventsDocument, { filter });
    const [field] = answer.errors[0]?.extensions.fields ?? [];
    expect(field).toMatchObject({ path: 'filter.types', rule: 'UNKNOWN_EVENT' });
    expect(field?.message).toContain('session.revoked, ');
    expect(field?.message).not.toContain('revokd');
  });

  it('refuses a misspelt role in a filter with the list, and ends nothing', async () => {
    const { accessToken } = await gateway.settle();
    const input = { filter: { role: 'adminn' }, reason };
    for (const answer of [
      await admin.ask(RevokeSessionsDocument, { input }),
      await admin.ask(UsersDocument, { filter: { role: 'adminn' } }),
    ]) {
      const [field] = answer.errors[0]?.extensions.fields ?? [];
      expect(field).toMatchObject({ path: 'filter.role', rule: 'UNKNOWN_ROLE' });
      expect(field?.message).toMatch(/There are: .*\badmin\b/);
    }
    dataOf(await me(accessToken));
  });

  it('does none of it for whoever lacks the scopes of an administrator they aim at', async () => {
    await gateway.query("INSERT INTO roles (name, is_default) VALUES ('care', false)");
    await gateway.query(
      "INSERT INTO role_permissions (role, scope) VALUES ('care', 'users:write'), ('care', 'audit:read')",
    );
    const support = await registerAdministrator(gateway, 'care');
    const input = { userId: admin.id, reason };
    for (const answer of [
      await support.ask(VerifyUserEmailDocument, { input }),
      await support.ask(SendVerificationDocument, { input }),
      await support.ask(DeleteUserDocument, { input }),
      await support.ask(LiftThrottleDocument, { input }),
    ]) {
      expect(refusalOf(answer)).toBe('FORBIDDEN/POLICY_DENIED');
    }
    expect(refusalOf(await support.ask(ExportUserDataDocument, { input }))).toBe(
      'FORBIDDEN/SCOPE_MISSING',
    );
    expect(await find(admin.email)).not.toBeNull();
  });
});
