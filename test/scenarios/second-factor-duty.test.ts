import { once } from 'node:events';
import { WebSocket } from 'ws';
import { ImpersonateDocument, UsersDocument } from '../generated/administration/graphql.ts';
import {
  AuthenticatorsDocument,
  BeginStepUpDocument,
  BeginTotpSetupDocument,
  ConfirmTotpSetupDocument,
  LoginDocument,
  LogoutDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
  RemoveAuthenticatorDocument,
  StepUpDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { addTotp, enrol, signInWithCode, signUp, step } from '../support/enrolled-person.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

const refusal = 'UNAUTHENTICATED/ENROLMENT_REQUIRED';

const orders = {
  sdl: `${federation}
    type Query { hello: String secret: String @authenticated }
    type User @key(fields: "id") { id: ID! orders: [String!] @authenticated }`,
  entities: ['User'],
  resolvers: {
    Query: { hello: () => 'hello', secret: () => 'secret' },
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id, orders: [`of ${id}`] }),
    },
  },
};

describe('SECOND_FACTOR=everyone', () => {
  let graph: TestGraph<'orders'>;
  beforeAll(async () => {
    graph = await startTestGraph({ orders } as never, { SECOND_FACTOR: 'everyone' });
  });
  beforeEach(() => {
    graph.subgraphs.orders.requests.length = 0;
  });
  afterEach(() => graph.gateway.query('DELETE FROM throttles'));
  afterAll(() => graph.stop());

  const stranger = () => createTestClient(graph.gateway.origin);

  it('gives whoever has none a token that is for no subgraph and no router', async () => {
    const { accessToken } = await signUp(graph.gateway);
    const { aud } = claimsOf(accessToken) as never as { aud: string };
    expect(aud).toMatch(/.\/enrolment$/);
  });

  it.each([
    ['me', '{ me { id } }'],
    ['sessions', '{ sessions { nodes { id } } }'],
    ['a field of a subgraph', '{ hello }'],
    ['a field that asks for a log-in', '{ secret }'],
    ['exportMyData', 'mutation { exportMyData { data } }'],
    ['updateProfile', 'mutation { updateProfile(input: { firstName: "A" }) { user { id } } }'],
    [
      'changePassword',
      `mutation { changePassword(input: { currentPassword: "${goodPassword}", newPassword: "quite another passphrase" }) { revokedCount } }`,
    ],
    [
      'requestEmailChange',
      `mutation { requestEmailChange(input: { currentPassword: "${goodPassword}", newEmail: "eve@example.com" }) { success } }`,
    ],
    [
      'deleteAccount',
      `mutation { deleteAccount(input: { currentPassword: "${goodPassword}" }) { success } }`,
    ],
    ['revokeOtherSessions', 'mutation { revokeOtherSessions { revokedCount } }'],
    ['regenerateRecoveryCodes', 'mutation { regenerateRecoveryCodes { recoveryCodes } }'],
    [
      'removeAuthenticator',
      'mutation { removeAuthenticator(input: { id: "018f3c5e-0000-7000-8000-000000000001" }) { authenticators { hasPassword } } }',
    ],
    [
      'renamePasskey',
      'mutation { renamePasskey(input: { id: "018f3c5e-0000-7000-8000-000000000001", name: "a" }) { passkey { id } } }',
    ],
  ])('opens nothing to it: %s', async (_, document) => {
    const { accessToken } = await signUp(graph.gateway);
    const answer = await stranger().send(document, {}, { accessToken });
    expect(refusalOf(answer)).toBe(refusal);
    expect(graph.subgraphs.orders.requests).toEqual([]);
  });

  it('opens nothing below the log-in either', async () => {
    const person = await signUp(graph.gateway);
    const input = { identifier: person.email, password: goodPassword, delivery: 'BODY' };
    const document =
      'mutation ($input: LoginInput!) { login(input: $input) { accessToken user { id orders } } }';
    for (const accessToken of [undefined, person.accessToken]) {
      const answer = await stranger().send<
        { login: { accessToken: string; user: { orders: unknown } } },
        object
      >(document, { input }, accessToken ? { accessToken } : {});
      expect(answer.data?.login.user.orders).toBeNull();
      expect(answer.text).toContain('ENROLMENT_REQUIRED');
      expect(answer.text).not.toContain(`of ${person.id}`);
    }
    expect(graph.subgraphs.orders.requests).toEqual([]);
  });

  it('asks for themselves, whoever began to sign in on this browser and went away', async () => {
    const other = await enrol(graph.gateway);
    const person = await signUp(graph.gateway);
    const input = { identifier: other.email, password: goodPassword };
    const begun = await person.client.send(LoginDocument, { input });
    expect(refusalOf(begun)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    const { beginStepUp } = dataOf(await person.client.send(BeginStepUpDocument, {}, person));
    expect(beginStepUp.methods).toEqual(['PASSWORD']);
  });

  it('is met by a factor: the next token is a whole one, and so is that of the next log-in', async () => {
    const person = await signUp(graph.gateway);
    const { secret } = await addTotp(graph.gateway, person);
    expect(refusalOf(await person.client.send(MeDocument, {}, person))).toBe(refusal);
    const { refreshToken } = dataOf(await person.client.send(RefreshDocument, {}));
    const me = await person.client.send(MeDocument, {}, refreshToken);
    expect(dataOf(me).me?.id).toBe(person.id);

    graph.gateway.clock.advance(step);
    const { accessToken } = await signInWithCode(graph.gateway, { ...person, secret });
    expect(dataOf(await stranger().send('{ hello }', {}, { accessToken }))).toEqual({
      hello: 'hello',
    });
  });

  it('lets whoever has none see that there is none', async () => {
    const person = await signUp(graph.gateway);
    const answer = await person.client.send(AuthenticatorsDocument, {}, person);
    expect(dataOf(answer).authenticators).toMatchObject({ totp: null });
    expect(refusalOf(await stranger().send(AuthenticatorsDocument, {}))).toBe(
      'UNAUTHENTICATED/TOKEN_MISSING',
    );
  });

  it('is not met by the password, shown once more', async () => {
    const person = await signUp(graph.gateway);
    graph.gateway.clock.advance(301_000);
    const late = await person.client.send(BeginTotpSetupDocument, {}, person);
    expect(refusalOf(late)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    const input = { password: goodPassword };
    const { accessToken } = dataOf(
      await person.client.send(StepUpDocument, { input }, person),
    ).stepUp;
    expect(refusalOf(await person.client.send(MeDocument, {}, { accessToken }))).toBe(refusal);
    const { secret } = dataOf(
      await person.client.send(BeginTotpSetupDocument, {}, { accessToken }),
    ).beginTotpSetup;
    const code = codeAt(secret, graph.gateway.clock.now());
    dataOf(await person.client.send(ConfirmTotpSetupDocument, { code }, { accessToken }));
  });

  it('closes a WebSocket for good, and says why', async () => {
    const { accessToken } = await signUp(graph.gateway);
    const socket = new WebSocket(`${graph.gateway.origin}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    const payload = { authorization: `Bearer ${accessToken}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    const [code, reason] = await once(socket, 'close');
    expect(code).toBe(4401);
    expect(`${reason}`).toContain('ENROLMENT_REQUIRED');
  });

  it('keeps the last factor', async () => {
    const person = await signUp(graph.gateway);
    const { authenticatorId: id } = await addTotp(graph.gateway, person);
    const { refreshToken } = dataOf(await person.client.send(RefreshDocument, {}));
    const removed = await person.client.send(RemoveAuthenticatorDocument, { id }, refreshToken);
    expect(refusalOf(removed)).toBe('CONFLICT/LAST_AUTHENTICATOR');
    const { authenticators } = dataOf(
      await person.client.send(AuthenticatorsDocument, {}, refreshToken),
    );
    expect(authenticators.totp?.id).toBe(id);
  });

  it('lets whoever has none sign out', async () => {
    const input = { email: freshEmail(), password: goodPassword, delivery: 'BODY' as const };
    const { register } = dataOf(await stranger().send(RegisterDocument, { input }));
    dataOf(await stranger().send(LogoutDocument, {}, register));
    const { refreshToken = '' } = register;
    const refreshed = await stranger().send(RefreshDocument, {
      input: { refreshToken: refreshToken ?? '' },
    });
    expect(refusalOf(refreshed)).toMatch(/REVOKED|INVALID/);
  });
});

describe('a24 SECOND_FACTOR=administrators', () => {
  let graph: TestGraph<'orders'>;
  beforeAll(async () => {
    graph = await startTestGraph({ orders } as never, { SECOND_FACTOR: 'administrators' });
  });
  afterAll(() => graph.stop());

  it('keeps administrators out until they have one, and nobody else', async () => {
    const { gateway } = graph;
    const person = await signUp(gateway);
    expect(dataOf(await person.client.send(MeDocument, {}, person)).me?.id).toBe(person.id);
    const admin = await registerAdministrator(gateway);
    expect(refusalOf(await admin.ask(UsersDocument))).toBe(refusal);
    const input = { userId: person.id, reason: 'a test' };
    expect(refusalOf(await admin.ask(ImpersonateDocument, { input }))).toBe(refusal);

    const client = createTestClient(gateway.origin);
    const { secret } = await addTotp(gateway, { client, ...admin });
    gateway.clock.advance(step);
    const { accessToken } = await signInWithCode(gateway, { ...admin, secret });
    const console = createTestClient(gateway.origin, '/admin/graphql');
    expect(dataOf(await console.send(UsersDocument, {}, { accessToken })).users).toBeDefined();
    // Whoever acts as somebody adds nothing in their place, and is not kept out for it.
    const acting = dataOf(await console.send(ImpersonateDocument, { input }, { accessToken }));
    const me = await client.send(MeDocument, {}, acting.impersonate);
    expect(dataOf(me).me?.id).toBe(person.id);
    const adding = await client.send(BeginTotpSetupDocument, {}, acting.impersonate);
    expect(refusalOf(adding)).toBe('FORBIDDEN/POLICY_DENIED');
  });

  it('takes the token of somebody who became an administrator for no more', async () => {
    const { gateway } = graph;
    const admin = await registerAdministrator(gateway);
    const { secret } = await addTotp(gateway, {
      client: createTestClient(gateway.origin),
      ...admin,
    });
    gateway.clock.advance(step);
    const granted = await signUp(gateway);
    const { accessToken } = await signInWithCode(gateway, { ...admin, secret });
    const console = createTestClient(gateway.origin, '/admin/graphql');
    const grant = `mutation ($input: UserRoleInput!) { grantRole(input: $input) { changed } }`;
    const input = { userId: granted.id, role: 'admin', reason: 'a test' };
    dataOf(await console.send(grant, { input }, { accessToken }));
    const { refreshToken } = dataOf(await granted.client.send(RefreshDocument, {}));
    const users = await console.send(UsersDocument, {}, refreshToken);
    expect(refusalOf(users)).toBe(refusal);
  });
});
