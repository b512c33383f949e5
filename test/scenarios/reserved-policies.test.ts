import { loadWebAuthn } from '../../src/factors/load-webauthn.ts';
import { ImpersonateDocument } from '../generated/administration/graphql.ts';
import {
  BeginPasskeySetupDocument,
  BeginPasskeySignInDocument,
  CompletePasskeySetupDocument,
  SignInWithPasskeyDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { enrol, signInWithCode, signUp } from '../support/enrolled-person.ts';
import { arrive } from '../support/guests.ts';
import { createTestAuthenticator } from '../support/test-authenticator.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

const names = {
  aal2: 'gatehouse:aal2',
  phr: 'gatehouse:phr',
  fresh: 'gatehouse:fresh(5m)',
  nonsense: 'nobody:has(this)',
};
const levels = {
  sdl: `${federation}
    type Query { ${Object.entries(names)
      .map(([field, name]) => `${field}: Int @policy(policies: [["${name}"]])`)
      .join(' ')} }`,
  resolvers: {
    Query: Object.fromEntries(Object.keys(names).map((name) => [name, () => 1])),
  },
};
const origin = 'https://app.example.com';
const kept = 'gatehouse::authorization';

/** Which of the policies somebody meets, in the order of `names`. */
const callers: Readonly<Record<string, readonly (keyof typeof names)[]>> = {
  'a stranger': [],
  'a fresh password': ['fresh'],
  'a password of before': [],
  'two factors, fresh': ['aal2', 'fresh'],
  'two factors of before': ['aal2'],
  'a passkey, fresh': ['aal2', 'phr', 'fresh'],
  'a passkey of before': ['aal2', 'phr'],
  'a guest': [],
  'an administrator in somebody’s place': [],
};

describe('a22 a reserved policy', () => {
  let graph: TestGraph<'levels'>;
  const tokens = new Map<string, string | undefined>([['a stranger', undefined]]);

  beforeAll(async () => {
    // From its sources it takes seconds, in which nothing else of this process goes on.
    await loadWebAuthn();
    graph = await startTestGraph({ levels } as never, {
      COPROCESSOR_LISTEN: '127.0.0.1:0',
      PASSKEY_RP_ID: 'example.com',
      PASSKEY_ORIGINS: origin,
      ACCESS_TOKEN_TTL: '1h',
      GUESTS: 'on',
    });
    const { gateway } = graph;
    const password = await signUp(gateway);
    const enrolled = await enrol(gateway);
    const code = await signInWithCode(gateway, enrolled);
    const passkey = await signInWithNewPasskey();
    tokens.set('a password of before', password.accessToken);
    tokens.set('two factors of before', code.accessToken);
    tokens.set('a passkey of before', passkey.token);
    gateway.clock.advance(301_000);
    tokens.set('a fresh password', (await signUp(gateway)).accessToken);
    tokens.set('two factors, fresh', (await signInWithCode(gateway, enrolled)).accessToken);
    tokens.set('a passkey, fresh', await passkey.signIn());
    tokens.set('a guest', (await arrive(gateway)).accessToken);
    const admin = await registerAdministrator(gateway);
    const input = { userId: password.id, reason: 'a test' };
    const { impersonate } = dataOf(await admin.ask(ImpersonateDocument, { input }));
    tokens.set('an administrator in somebody’s place', impersonate.accessToken);
  });
  afterAll(() => graph.stop());

  describe.each(Object.entries(callers))('asked for %s', (caller, met) => {
    const verdicts = Object.fromEntries(
      Object.entries(names).map(([field, name]) => [name, met.includes(field as never)]),
    );
    const required = Object.fromEntries(Object.values(names).map((name) => [name, null]));

    it('is decided in the gateway itself', async () => {
      const accessToken = tokens.get(caller);
      const { data } = await createTestClient(graph.gateway.origin).send<
        Record<string, number | null>,
        object
      >(`{ ${Object.keys(names).join(' ')} }`, {}, accessToken ? { accessToken } : {});
      const answered = Object.entries(names).map(([field, name]) => [name, data?.[field] === 1]);
      expect(Object.fromEntries(answered)).toEqual(verdicts);
    });

    it('is decided so for Apollo Router', async () => {
      const policies = 'apollo::authorization::required_policies';
      const { context } = await ask({
        version: 1,
        stage: 'SupergraphRequest',
        control: 'continue',
        headers: {},
        body: { query: '{ any }' },
        context: { entries: { [kept]: bearer(caller) ?? null, [policies]: required } },
      });
      expect(context.entries[policies]).toEqual(verdicts);
    });

    it('is decided so for Hive Router', async () => {
      const policies = 'hive::authorization::required_policies';
      const authorization = bearer(caller);
      const { context } = await ask({
        version: 1,
        stage: 'graphql.analysis',
        control: 'continue',
        id: 'request-1',
        headers: authorization ? { authorization } : {},
        context: { 'hive::operation::kind': 'query', [policies]: required },
      });
      expect(context[policies]).toEqual(verdicts);
    });
  });

  function bearer(caller: string): string | undefined {
    const token = tokens.get(caller);
    return token && `Bearer ${token}`;
  }

  async function ask(body: object) {
    const answer = await fetch(`${graph.gateway.coprocessorOrigin}/internal/coprocessor`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return answer.json();
  }

  async function signInWithNewPasskey() {
    const person = await signUp(graph.gateway);
    const begun = dataOf(await person.client.send(BeginPasskeySetupDocument, {}, person));
    const { ceremony, options } = begun.beginPasskeySetup;
    const { passkey, response } = createTestAuthenticator(origin).create(options);
    const input = { ceremony, response };
    dataOf(await person.client.send(CompletePasskeySetupDocument, { input }, person));
    const signIn = async () => {
      const client = createTestClient(graph.gateway.origin);
      const { beginPasskeySignIn } = dataOf(await client.send(BeginPasskeySignInDocument, {}));
      const { ceremony, options } = beginPasskeySignIn;
      const given = { ceremony, response: passkey.assert(options) };
      const answer = await client.send(SignInWithPasskeyDocument, {
        input: { passkey: given, delivery: 'BODY' as const },
      });
      return dataOf(answer).signInWithPasskey.accessToken;
    };
    return { signIn, token: await signIn() };
  }
});

describe('a22 a token that may only add a second factor', () => {
  const required = Object.fromEntries(Object.values(names).map((name) => [name, null]));
  const refusal = { code: 'UNAUTHENTICATED', reason: 'ENROLMENT_REQUIRED' };
  let graph: TestGraph<'levels'>;
  let accessToken: string;
  beforeAll(async () => {
    graph = await startTestGraph({ levels } as never, {
      COPROCESSOR_LISTEN: '127.0.0.1:0',
      SECOND_FACTOR: 'everyone',
    });
    ({ accessToken } = await signUp(graph.gateway));
    expect((claimsOf(accessToken) as never as { aud: string }).aud).toBe('graph/enrolment');
  });
  afterAll(() => graph.stop());

  it.each(Object.keys(names))('meets nothing of %s in the gateway itself', async (field) => {
    const client = createTestClient(graph.gateway.origin);
    const answer = await client.send<Record<string, unknown>, object>(
      `{ ${field} }`,
      {},
      { accessToken },
    );
    expect(answer.data?.[field] ?? null).toBeNull();
    expect(answer.errors.map(({ extensions: { reason } }) => reason)).toEqual([refusal.reason]);
    expect(graph.subgraphs.levels.requests).toEqual([]);
  });

  it.each([
    [
      'Apollo Router, at the operation',
      () => ({
        version: 1,
        stage: 'SupergraphRequest',
        control: 'continue',
        headers: {},
        body: { query: '{ any }' },
        context: {
          entries: {
            [kept]: `Bearer ${accessToken}`,
            'apollo::authorization::required_policies': required,
          },
        },
      }),
    ],
    [
      'Hive Router',
      () => ({
        version: 1,
        stage: 'graphql.analysis',
        control: 'continue',
        id: 'request-1',
        headers: { authorization: `Bearer ${accessToken}` },
        context: {
          'hive::operation::kind': 'query',
          'hive::authorization::required_policies': required,
        },
      }),
    ],
  ] as const)('is refused as well to %s', async (_, body) => {
    const response = await fetch(`${graph.gateway.coprocessorOrigin}/internal/coprocessor`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body()),
    });
    const { control, body: given } = await response.json();
    expect(control).toEqual({ break: 401 });
    const { errors } = typeof given === 'string' ? JSON.parse(given) : given;
    expect(errors[0].extensions).toMatchObject(refusal);
  });

  it('becomes no identity for a subgraph of another router', async () => {
    const body = {
      version: 1,
      stage: 'SubgraphRequest',
      control: 'continue',
      id: 'request-2',
      headers: {},
      body: { query: '{ aal2 }' },
      context: { entries: { [kept]: `Bearer ${accessToken}` } },
      uri: 'https://levels.test/',
      method: 'POST',
      serviceName: 'levels',
    };
    const response = await fetch(`${graph.gateway.coprocessorOrigin}/internal/coprocessor`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    expect(answer.control).toEqual({ break: 401 });
    expect(JSON.stringify(answer)).not.toMatch(/txn-token/i);
  });
});
