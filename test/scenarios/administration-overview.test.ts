import {
  AdministrationOverviewDocument,
  AuditEventsDocument,
  RequestUserEmailChangeDocument,
} from '../generated/administration/graphql.ts';
import { ConfirmEmailChangeDocument, MeDocument } from '../generated/graphql.ts';
import {
  registerAdministrator,
  registerPerson,
  type TestAdministrator,
} from '../support/administrators.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

const reason = 'ticket 4715: shown her passport';

describe('what any administrator may look at', () => {
  let gateway: MailGateway;
  let admin: TestAdministrator;
  beforeAll(async () => {
    gateway = await startMailGateway();
    admin = await registerAdministrator(gateway);
  });
  afterAll(async () => {
    await gateway.stop();
  });

  it('is their own scopes, the keys without a private half, and the health', async () => {
    const answer = dataOf(await admin.ask(AdministrationOverviewDocument, {}));
    expect(answer.myScopes).toContain('users:write');
    expect(answer.health).toMatchObject({
      status: 'ready',
      checks: expect.arrayContaining([{ name: 'database', state: 'ok' }]),
    });
    const purposes = new Set(answer.signingKeys.map(({ purpose }) => purpose));
    expect([...purposes].sort()).toEqual(['access-token', 'identity', 'one-time']);
    expect(JSON.stringify(answer)).not.toMatch(/sealed|private|"d"/i);
  });

  it('is nothing for a member', async () => {
    const { accessToken } = await registerPerson(gateway);
    const client = createTestClient(gateway.origin, '/admin/graphql');
    const answer = await client.send(AdministrationOverviewDocument, {}, { accessToken });
    expect(refusalOf(answer)).toBe('FORBIDDEN/SCOPE_MISSING');
    expect(answer.data ?? null).toBeNull();
  });
});

describe('an account whose mail is lost', () => {
  let gateway: MailGateway;
  let admin: TestAdministrator;
  beforeAll(async () => {
    gateway = await startMailGateway();
    admin = await registerAdministrator(gateway);
    await gateway.query(`INSERT INTO roles (name, is_default) VALUES ('mover', false)`);
    await gateway.query(
      `INSERT INTO role_permissions (role, scope) VALUES ('mover', 'users:write'), ('mover', 'users:read')`,
    );
  });
  afterAll(async () => {
    await gateway.query(`DELETE FROM user_roles WHERE role = 'mover'`);
    await gateway.query(`DELETE FROM roles WHERE name = 'mover'`);
    await gateway.stop();
  });

  const move = (administrator: TestAdministrator, userId: string, newEmail: string) =>
    administrator.ask(RequestUserEmailChangeDocument, { input: { userId, newEmail, reason } });

  it('moves when the link at the new address is opened, and not before', async () => {
    const { id, email, accessToken } = await registerPerson(gateway);
    const newEmail = freshEmail('moved');
    dataOf(await move(admin, id, newEmail));
    const client = createTestClient(gateway.origin);
    expect(dataOf(await client.send(MeDocument, {}, { accessToken })).me?.email).toBe(email);
    const events = await admin.ask(AuditEventsDocument, {
      filter: { userId: id, types: ['email.change_requested'] },
    });
    expect(dataOf(events).auditEvents.nodes).toMatchObject([
      { actorId: admin.id, detail: { reason } },
    ]);

    const { text = '' } = await gateway.mail.mailAbout(newEmail, /Confirm your new/);
    const token = /#token=(\S+)/.exec(text)?.[1] ?? '';
    const input = { token };
    dataOf(await client.send(ConfirmEmailChangeDocument, { input }, { accessToken }));
    expect(dataOf(await client.send(MeDocument, {}, { accessToken })).me?.email).toBe(newEmail);
  });

  it('is confirmed by who is signed in nowhere, for they may not get in', async () => {
    const { id } = await registerPerson(gateway);
    await gateway.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [id]);
    const newEmail = freshEmail('moved');
    dataOf(await move(admin, id, newEmail));
    const { text = '' } = await gateway.mail.mailAbout(newEmail, /Confirm your new/);
    const input = { token: /#token=(\S+)/.exec(text)?.[1] ?? '' };
    dataOf(await createTestClient(gateway.origin).send(ConfirmEmailChangeDocument, { input }));
    const [row] = await gateway.query('SELECT email FROM users WHERE id = $1', [id]);
    expect(row?.email).toBe(newEmail);
  });

  it('moves to no address that has an account, or is its own, or is none', async () => {
    const [one, other] = [await registerPerson(gateway), await registerPerson(gateway)];
    expect(refusalOf(await move(admin, one.id, other.email))).toBe('CONFLICT/EMAIL_TAKEN');
    expect(refusalOf(await move(admin, one.id, one.email.toUpperCase()))).toBe('BAD_USER_INPUT');
    expect(refusalOf(await move(admin, one.id, 'nobody'))).toBe('BAD_USER_INPUT');
  });

  it('is moved by nobody who may not act as its holder, nor by an administrator for themselves', async () => {
    const { id } = await registerPerson(gateway);
    const mover = await registerAdministrator(gateway, 'mover');
    expect(refusalOf(await move(mover, id, freshEmail()))).toBe('FORBIDDEN/SCOPE_MISSING');
    expect(refusalOf(await move(admin, admin.id, freshEmail()))).toBe('FORBIDDEN/POLICY_DENIED');
    expect(refusalOf(await move(admin, 'none', freshEmail()))).toBe('NOT_FOUND/USER_NOT_FOUND');
  });
});
