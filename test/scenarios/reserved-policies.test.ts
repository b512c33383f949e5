import { loadWebAuthn } from '../../src/factors/load-webauthn.ts';
import { ImpersonateDocument } from '../generated/administration/graphql.ts';
import {
  BeginPasskeySetupDocument,
  BeginPasskeySignInDocument,
  CompletePasskeySetupDocument,
  SignInWithPasskeyDocument,
} from '../generated/graphql.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { enrol, signInWithCode, signUp } from '../support/enrolled-person.ts';
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
