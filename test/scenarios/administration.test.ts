import {
  AuditEventsDocument,
  DisableUserDocument,
  EnableUserDocument,
  ForcePasswordResetDocument,
  GrantRoleDocument,
  ImpersonateDocument,
  RevokeSessionsDocument,
  RolesDocument,
  TakeRoleDocument,
  UserDetailsDocument,
  UsersDocument,
  type UsersQuery,
} from '../generated/administration/graphql.ts';
import {
  LoginDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
} from '../generated/graphql.ts';
import {
  registerAdministrator,
  registerPerson,
  type TestAdministrator,
} from '../support/administrators.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const reason = 'ticket 4711';

describe('administrators', () => {
  let gateway: TestGateway;
  let admin: TestAdministrator;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = await registerAdministrator(gateway);
  });
  afterAll(() => gateway.stop());

  const me = (accessToken: string) =>
    createTestClient(gateway.origin).send(MeDocument, {}, { accessToken });

  it('have a schema of their own: the public one knows nothing of it', async () => {
    const client = createTestClient(gateway.origin);
    const answer = await client.send('{ users { nodes { id } } }', {}, admin);
    expect(refusalOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it.each([
    ['nobody', undefined, 'UNAUTHENTICATED/TOKEN_MISSING', 401],
    ['a bad token', 'a.b.c', 'UNAUTHENTICATED/TOKEN_MALFORMED', 401],
  ])('%s gets nothing', async (_who, accessToken, refusal, status) => {
    const client = createTestClient(gateway.origin, '/admin/graphql');
    const answer = await client.send(UsersDocument, {}, accessToken ? { accessToken } : {});
    expect(refusalOf(answer)).toBe(refusal);
    expect(answer.status).toBe(status);
    expect(answer.data ?? null).toBeNull();
  });

  it('are asked for the scope of each operation', async () => {
    const { accessToken } = await registerPerson(gateway);
    const client = createTestClient(gateway.origin, '/admin/graphql');
    const answer = await client.send(UsersDocument, {}, { accessToken });
    expect(refusalOf(answer)).toBe('FORBIDDEN/SCOPE_MISSING');
  });

  it('find people by the beginning of an address, page by page, in both orders', async () => {
    const name = `z${Date.now()}`;
    for (let index = 0; index < 5; index += 1) {
      gateway.clock.advance(1_000);
      await registerPerson(gateway, name);
    }
    const filter = { search: name.toUpperCase() };
    const created: string[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const answer: TestAnswer<UsersQuery> = await admin.ask(UsersDocument, {
        first: 2,
        after,
        filter,
      });
      const { nodes, pageInfo } = dataOf(answer).users;
      created.push(...nodes.map((user) => user.createdAt));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    }
    expect(created).toHaveLength(5);
    expect(created).toEqual([...created].sort().reverse());

    const ascending = await admin.ask(UsersDocument, { filter, sort: 'LAST_SEEN_ASC' });
    const seen = dataOf(ascending).users.nodes.map((user) => user.lastSeenAt);
    expect(seen).toEqual([...seen].sort());
    const wild = await admin.ask(UsersDocument, { filter: { search: `${name.slice(0, 4)}%` } });
    expect(dataOf(wild).users.nodes).toEqual([]);
  });

  it('refuse a cursor that is none, and ids that are none', async () => {
    const answer = await admin.ask(UsersDocument, { after: 'AAAA' });
    expect(answer.errors[0]?.extensions.fields).toMatchObject([{ path: 'after', rule: 'CURSOR' }]);
    const events = await admin.ask(AuditEventsDocument, { filter: { userId: "' OR 1=1" } });
    expect(events.errors[0]?.extensions.fields).toMatchObject([
      { path: 'filter.userId', rule: 'ID' },
    ]);
    expect(dataOf(await admin.ask(UserDetailsDocument, { id: 'nobody' })).user).toBeNull();
  });

  it('give a role, which every token of the account must carry from then on', async () => {
    const browser = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { user, accessToken } = dataOf(await browser.send(RegisterDocument, { input })).register;

    const granted = { userId: user.id, role: 'admin', reason };
    const answer = await admin.ask(GrantRoleDocument, { input: granted });
    expect(dataOf(answer).grantRole).toMatchObject({
      changed: true,
      user: { roles: ['admin', 'user'] },
    });
    expect(refusalOf(await me(accessToken))).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
    const refreshed = dataOf(await browser.send(RefreshDocument, {})).refreshToken;
    expect(dataOf(await me(refreshed.accessToken)).me?.roles).toEqual(['admin', 'user']);

    const again = await admin.ask(GrantRoleDocument, { input: granted });
    expect(dataOf(again).grantRole.changed).toBe(false);
    expect(dataOf(await admin.ask(TakeRoleDocument, { input: granted })).takeRole).toMatchObject({
      changed: true,
      user: { roles: ['user'] },
    });
    const { events } = dataOf(await admin.ask(UserDetailsDocument, { id: user.id })).user ?? {};
    expect(events?.nodes.filter(({ type }) => type.startsWith('role.'))).toEqual([
      { type: 'role.taken', actorId: admin.id, detail: { reason, role: 'admin' } },
      { type: 'role.granted', actorId: admin.id, detail: { reason, role: 'admin' } },
    ]);
  });

  it('name a role that there is not, and change nothing', async () => {
    const { id } = await registerPerson(gateway);
    const answer = await admin.ask(GrantRoleDocument, {
      input: { userId: id, role: 'emperor', reason },
    });
    expect(refusalOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.errors[0]?.extensions.fields).toMatchObject([{ rule: 'UNKNOWN_ROLE' }]);
    expect(dataOf(await admin.ask(UserDetailsDocument, { id })).user?.roles).toEqual(['user']);
  });

  it('must say why', async () => {
    const { id } = await registerPerson(gateway);
    const answer = await admin.ask(DisableUserDocument, { input: { userId: id, reason: ' ' } });
    expect(answer.errors[0]?.extensions.fields).toMatchObject([{ path: 'reason' }]);
  });

  it('disable an account: its sessions end, it may not log in, and both come back', async () => {
    const { id, email, accessToken } = await registerPerson(gateway);
    const input = { userId: id, reason };
    const disabled = dataOf(await admin.ask(DisableUserDocument, { input })).disableUser;
    expect(disabled.user.disabledAt).not.toBeNull();
    expect(refusalOf(await me(accessToken))).toBe('UNAUTHENTICATED/SESSION_REVOKED');

    const logIn = () =>
      createTestClient(gateway.origin).send(LoginDocument, {
        input: { identifier: email, password: goodPassword },
      });
    expect(refusalOf(await logIn())).toBe('FORBIDDEN/ACCOUNT_DISABLED');
    dataOf(await admin.ask(EnableUserDocument, { input }));
    expect(dataOf(await logIn()).login.user.email).toBe(email);
  });

  it('neither disable themselves nor take their own role', async () => {
    const input = { userId: admin.id, reason };
    expect(refusalOf(await admin.ask(DisableUserDocument, { input }))).toBe(
      'FORBIDDEN/POLICY_DENIED',
    );
    const role = await admin.ask(TakeRoleDocument, { input: { ...input, role: 'admin' } });
    expect(refusalOf(role)).toBe('FORBIDDEN/POLICY_DENIED');
    expect(dataOf(await me(admin.accessToken)).me?.roles).toContain('admin');
  });

  it('count the sessions that a filter means before they end them, and keep their own', async () => {
    const { id, accessToken } = await registerPerson(gateway);
    const revoke = (input: { userId?: string; network?: string }, dryRun: boolean) =>
      admin.ask(RevokeSessionsDocument, { input: { filter: input, dryRun, reason } });

    expect(dataOf(await revoke({ userId: id }, true)).revokeSessions).toEqual({
      count: 1,
      dryRun: true,
    });
    expect(dataOf(await me(accessToken)).me).not.toBeNull();
    expect(dataOf(await revoke({ userId: id }, false)).revokeSessions.count).toBe(1);
    expect(refusalOf(await me(accessToken))).toBe('UNAUTHENTICATED/SESSION_REVOKED');

    expect(refusalOf(await revoke({}, false))).toBe('BAD_USER_INPUT');
    expect(refusalOf(await revoke({ network: '10.0.0.0/99' }, true))).toBe('BAD_USER_INPUT');
    expect(refusalOf(await revoke({ network: 'fe80::1%eth0' }, true))).toBe('BAD_USER_INPUT');
    expect(dataOf(await revoke({ userId: admin.id }, false)).revokeSessions.count).toBe(1);
    expect(dataOf(await me(admin.accessToken)).me).not.toBeNull();
  });

  it('act as a user for ten minutes, named in the token, with nothing to refresh', async () => {
    const { id } = await registerPerson(gateway);
    const answer = await admin.ask(ImpersonateDocument, { input: { userId: id, reason } });
    const { accessToken, expiresIn } = dataOf(answer).impersonate;
    expect(expiresIn).toBe(600);
    expect(claimsOf(accessToken)).toMatchObject({ sub: id, act: { sub: admin.id } });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(dataOf(await me(accessToken)).me?.id).toBe(id);

    const events = await admin.ask(AuditEventsDocument, {
      filter: { userId: id, types: ['account.impersonated'] },
    });
    expect(dataOf(events).auditEvents.nodes).toMatchObject([
      { actorId: admin.id, detail: { reason } },
    ]);
    const revoked = await admin.ask(RevokeSessionsDocument, {
      input: { filter: { userId: id }, reason },
    });
    expect(dataOf(revoked).revokeSessions.count).toBe(2);
    expect(refusalOf(await me(accessToken))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
  });

  it('end no session of the person as whom they act, in whose name it would be written down', async () => {
    const { id, sessionId, accessToken } = await registerPerson(gateway);
    const answer = await admin.ask(ImpersonateDocument, { input: { userId: id, reason } });
    const acting = { accessToken: dataOf(answer).impersonate.accessToken };
    const client = createTestClient(gateway.origin);
    const one = await client.send(RevokeSessionDocument, { input: { sessionId } }, acting);
    expect(refusalOf(one)).toBe('FORBIDDEN/POLICY_DENIED');
    const others = await client.send(RevokeOtherSessionsDocument, {}, acting);
    expect(refusalOf(others)).toBe('FORBIDDEN/POLICY_DENIED');
    expect(dataOf(await me(accessToken)).me?.id).toBe(id);
    const events = await admin.ask(AuditEventsDocument, {
      filter: { userId: id, types: ['session.revoked'] },
    });
    expect(dataOf(events).auditEvents.nodes).toEqual([]);
  });

  it.each([
    ['disabled', (userId: string) => admin.ask(DisableUserDocument, { input: { userId, reason } })],
    [
      'stripped of the role',
      (userId: string) => admin.ask(TakeRoleDocument, { input: { userId, reason, role: 'admin' } }),
    ],
    [
      'sent to choose another password',
      (userId: string) => admin.ask(ForcePasswordResetDocument, { input: { userId, reason } }),
    ],
  ])('act as nobody any more once they are %s', async (_what, putOut) => {
    const other = await registerAdministrator(gateway);
    const { id, accessToken } = await registerPerson(gateway);
    const input = { userId: id, reason };
    const theirs = dataOf(await other.ask(ImpersonateDocument, { input })).impersonate;
    const mine = dataOf(await admin.ask(ImpersonateDocument, { input })).impersonate;
    expect((await putOut(other.id)).errors).toEqual([]);
    expect(refusalOf(await me(theirs.accessToken))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    for (const token of [accessToken, mine.accessToken]) {
      expect(dataOf(await me(token)).me?.id).toBe(id);
    }
  });

  it('can not act as another administrator', async () => {
    const other = await registerAdministrator(gateway);
    const answer = await admin.ask(ImpersonateDocument, { input: { userId: other.id, reason } });
    expect(refusalOf(answer)).toBe('FORBIDDEN/POLICY_DENIED');
  });

  it('list the roles', async () => {
    const { roles } = dataOf(await admin.ask(RolesDocument, {}));
    expect(roles).toContainEqual({
      name: 'admin',
      isDefault: false,
      scopes: ['audit:read', 'sessions:revoke', 'users:impersonate', 'users:read', 'users:write'],
    });
  });
});

describe('an administrator with few scopes', () => {
  let gateway: TestGateway;
  let support: TestAdministrator;
  let admin: TestAdministrator;
  beforeAll(async () => {
    gateway = await startTestGateway();
    await gateway.query(`INSERT INTO roles (name, is_default) VALUES ('support', false)`);
    await gateway.query(
      `INSERT INTO role_permissions (role, scope)
       VALUES ('support', 'users:read'), ('support', 'users:write'), ('support', 'sessions:revoke')`,
    );
    support = await registerAdministrator(gateway, 'support');
    admin = await registerAdministrator(gateway);
  });
  afterAll(async () => {
    await gateway.query(`DELETE FROM user_roles WHERE role = 'support'`);
    await gateway.query(`DELETE FROM roles WHERE name = 'support'`);
    await gateway.stop();
  });

  it('climbs no higher: neither by a role nor through an account that holds more', async () => {
    const input = { userId: support.id, role: 'admin', reason };
    expect(refusalOf(await support.ask(GrantRoleDocument, { input }))).toBe(
      'FORBIDDEN/POLICY_DENIED',
    );
    const disable = await support.ask(DisableUserDocument, {
      input: { userId: admin.id, reason },
    });
    expect(refusalOf(disable)).toBe('FORBIDDEN/POLICY_DENIED');
    const standard = { userId: admin.id, role: 'user', reason };
    expect(refusalOf(await support.ask(TakeRoleDocument, { input: standard }))).toBe(
      'FORBIDDEN/POLICY_DENIED',
    );
    expect(refusalOf(await support.ask(GrantRoleDocument, { input: standard }))).toBe(
      'FORBIDDEN/POLICY_DENIED',
    );
    const revoke = await support.ask(RevokeSessionsDocument, {
      input: { filter: { userId: admin.id }, reason },
    });
    expect(dataOf(revoke).revokeSessions.count).toBe(0);
    expect(refusalOf(await support.ask(AuditEventsDocument, {}))).toBe('FORBIDDEN/SCOPE_MISSING');
  });
});

function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
