import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { createIdentityVerifier } from '../../src/subgraph/index.ts';
import { LogoutDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const policies = 'apollo::authorization::required_policies';
const kept = 'gatehouse::authorization';
const asRouter = { 'x-router-secret': 'what only the router knows in tests: 0123456789' };

/** The payloads are those of Apollo Router's coprocessor reference, and of Hive Router's protocol page. */
const routerRequest = (headers: Record<string, readonly string[]>) => ({
  version: 1,
  stage: 'RouterRequest',
  control: 'continue',
  id: '1b19c05fdafc521016df33148ad63c1b',
  headers: { 'content-type': ['application/json'], ...headers },
  body: '{ "query": "query GetActiveUser { me { name } }" }',
  context: { entries: { 'accepts-json': false } },
  path: '/',
  method: 'POST',
});
const supergraphRequest = (entries: object) => ({
  version: 1,
  stage: 'SupergraphRequest',
  control: 'continue',
  headers: { 'content-type': ['application/json'] },
  body: { query: 'query Long { me { name } }', operationName: 'MyQuery', variables: {} },
  context: { entries },
});
const reviewsQuery =
  'query TopProducts__reviews__1($representations:[_Any!]!){_entities(representations:$representations){...on Product{reviews{body id}}}}';
/** As Rust prints it: compact, and a float stays one. */
const reviewsBody = (query = reviewsQuery) =>
  `{"query":${JSON.stringify(query)},"operationName":"TopProducts__reviews__1","variables":{"body":"\\"}","price":1.0,"big":1152921504606846976,"representations":[{"__typename":"Product","upc":"1"}]}}`;
const subgraphRequest = (
  entries: object,
  { body = reviewsBody(), service = 'reviews', headers = {} } = {},
) =>
  `{"version":1,"stage":"SubgraphRequest","control":"continue","id":"666d677225c1bc6d7c54a52b409dbd4e","headers":${JSON.stringify(
    { 'x-tenant': ['a', 'b'], ...headers },
  )},"body":${body},"context":${JSON.stringify({ entries })},"uri":"https://reviews.test/","method":"POST","serviceName":"${service}","subgraphRequestId":"b5964998b2394b64a864ef802fb5a4b3"}`;
const analysis = (headers: object, required: object | undefined) => ({
  version: 1,
  stage: 'graphql.analysis',
  control: 'continue',
  id: 'request-1',
  headers,
  context: {
    'hive::operation::kind': 'query',
    ...(required ? { 'hive::authorization::required_policies': required } : {}),
  },
});

describe('the coprocessor endpoint', () => {
  let folder: string;
  let gateway: TestGateway;
  let ada: Awaited<ReturnType<typeof register>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-coprocessor-'));
    const settings = join(folder, 'gatehouse.yaml');
    writeFileSync(
      join(folder, 'policies.mjs'),
      `export const policies = {
         yes: () => true, no: () => false,
         user: ({ caller }) => caller.kind === 'user' };`,
    );
    writeFileSync(settings, 'authorization: { policies: ./policies.mjs }');
    gateway = await startTestGateway({
      COPROCESSOR_LISTEN: '127.0.0.1:0',
      GATEHOUSE_CONFIG: settings,
      ROLE: 'subgraph',
      ROUTER_SECRET: asRouter['x-router-secret'],
    });
    ada = await register();
  });
  afterAll(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true });
  });

  const send = (body: object | string, path = '/internal/coprocessor') =>
    fetch(`${gateway.coprocessorOrigin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const ask = async (body: object | string) => {
    const response = await send(body);
    expect(response.status).toBe(200);
    return response.json();
  };
  const bearer = (token = ada.accessToken) => `Bearer ${token}`;
  const identityIn = async (answer: { headers: Record<string, string[]> }, body: string) => {
    const verify = createIdentityVerifier({
      gateway: 'http://localhost:0',
      keysUrl: `${gateway.origin}/.well-known/identity-jwks.json`,
      subgraph: 'reviews',
      now: gateway.clock.now,
    });
    return verify({ 'txn-token': answer.headers['txn-token']?.[0] }, body);
  };
  /** A token that was good, and is none any more. */
  const revokedToken = async () => {
    const { accessToken } = await register();
    const client = createTestClient(gateway.origin);
    dataOf(await client.send(LogoutDocument, {}, { accessToken, headers: asRouter }));
    return accessToken;
  };
  const register = async () => {
    const input = { email: freshEmail(), password: goodPassword };
    const client = createTestClient(gateway.origin);
    const answer = await client.send(RegisterDocument, { input }, { headers: asRouter });
    return dataOf(answer).register;
  };

  describe('for Apollo Router', () => {
    it.each(['authorization', 'Authorization'])(
      'keeps the access token of a client in the context (%s)',
      async (name) => {
        expect(await ask(routerRequest({ [name]: [bearer()] }))).toEqual({
          version: 1,
          stage: 'RouterRequest',
          id: '1b19c05fdafc521016df33148ad63c1b',
          control: 'continue',
          context: { entries: { [kept]: bearer() } },
        });
      },
    );

    it.each([
      ['no header', {}],
      ['two headers', { authorization: ['Bearer a', 'Bearer b'] }],
      ['two spellings', { authorization: ['Bearer a'], Authorization: ['Bearer b'] }],
    ])('keeps that there was none for %s', async (_what, headers) => {
      const { context } = await ask(routerRequest(headers));
      expect(context.entries).toEqual({ [kept]: null });
    });

    it('makes a token for the exact body that a subgraph will get', async () => {
      const answer = await ask(subgraphRequest({ [kept]: bearer() }));
      expect(answer).toEqual({
        version: 1,
        stage: 'SubgraphRequest',
        id: '666d677225c1bc6d7c54a52b409dbd4e',
        control: 'continue',
        headers: { 'x-tenant': ['a', 'b'], 'txn-token': [expect.any(String)] },
      });
      expect(await identityIn(answer, reviewsBody())).toMatchObject({
        kind: 'user',
        userId: ada.user.id,
        roles: ['user'],
        requestId: '666d677225c1bc6d7c54a52b409dbd4e',
      });
      const printedAgain = JSON.stringify(JSON.parse(reviewsBody()));
      await expect(identityIn(answer, printedAgain)).rejects.toThrow('BODY_MISMATCH');
    });

    it('makes one for that subgraph alone', async () => {
      const answer = await ask(subgraphRequest({ [kept]: bearer() }, { service: 'products' }));
      await expect(identityIn(answer, reviewsBody())).rejects.toThrow('WRONG_AUDIENCE');
    });

    it('makes one for an anonymous caller, marked so', async () => {
      const answer = await ask(subgraphRequest({ [kept]: null }));
      expect(await identityIn(answer, reviewsBody())).toMatchObject({ kind: 'anonymous' });
    });

    it('says whether it is a mutation', async () => {
      const body = reviewsBody('mutation M{write}');
      const { headers } = await ask(subgraphRequest({ [kept]: null }, { body }));
      const [, claims = ''] = headers['txn-token'][0].split('.');
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).op).toBe('mutation');
    });

    it('replaces a token that the client sent', async () => {
      const headers = { 'Txn-Token': ['forged'], 'txn-token': ['forged'] };
      const answer = await ask(subgraphRequest({ [kept]: null }, { headers }));
      expect(Object.keys(answer.headers)).toEqual(['x-tenant', 'txn-token']);
      expect(answer.headers['txn-token']).toEqual([expect.stringContaining('.')]);
    });

    it('believes no claims that are not in a token of its own', async () => {
      const claims = {
        sub: ada.user.id,
        sid: ada.session.id,
        scope: 'users:write',
        roles: ['admin'],
      };
      const answer = await ask(
        subgraphRequest({ [kept]: null, 'apollo::authentication::jwt_claims': claims }),
      );
      expect(await identityIn(answer, reviewsBody())).toMatchObject({ kind: 'anonymous' });
    });

    it('refuses a token that is bad, revoked too', async () => {
      const refused = async (token: string) => {
        const { control, body, headers } = await ask(subgraphRequest({ [kept]: bearer(token) }));
        expect(headers).toBeUndefined();
        return [control, body.errors[0].extensions.code, body.errors[0].extensions.reason];
      };
      expect(await refused('a.b.c')).toEqual([
        { break: 401 },
        'UNAUTHENTICATED',
        'TOKEN_MALFORMED',
      ]);
      expect(await refused(await revokedToken())).toEqual([
        { break: 401 },
        'UNAUTHENTICATED',
        'SESSION_REVOKED',
      ]);
    });

    it('lets a stale token reach the auth schema, which knows what to do with it', async () => {
      const answer = await ask(
        subgraphRequest({ [kept]: bearer('a.b.c') }, { service: 'gatehouse' }),
      );
      expect(answer.control).toBe('continue');
      const response = await fetch(`${gateway.origin}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'txn-token': answer.headers['txn-token'][0],
        },
        body: reviewsBody(),
      });
      // The router is let in; its query is not one of the auth schema.
      expect(response.status).toBe(400);
    });

    it('brings a request to the auth schema, as the person', async () => {
      const body = '{"query":"{me{id}}"}';
      const answer = await ask(
        subgraphRequest({ [kept]: bearer() }, { body, service: 'gatehouse' }),
      );
      const send = (sent: string) =>
        fetch(`${gateway.origin}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: bearer(),
            'txn-token': answer.headers['txn-token'][0],
          },
          body: sent,
        });
      expect(await (await send(body)).json()).toEqual({ data: { me: { id: ada.user.id } } });
      expect((await send('{"query":"{me{email}}"}')).status).toBe(401);
    });

    it('decides policies, and says no to one that nobody has', async () => {
      const required = { yes: null, no: null, user: null, unheard: null };
      const decided = async (authorization: string | null) => {
        const entries = { [kept]: authorization, [policies]: required, other: 1 };
        const { context, control } = await ask(supergraphRequest(entries));
        expect(control).toBe('continue');
        return context.entries;
      };
      const common = { yes: true, no: false, unheard: false };
      expect(await decided(bearer())).toEqual({ [policies]: { ...common, user: true } });
      expect(await decided(null)).toEqual({ [policies]: { ...common, user: false } });
    });

    it('refuses an operation with policies whose token is bad', async () => {
      const entries = { [kept]: 'Bearer a.b.c', [policies]: { yes: null } };
      const { control, body } = await ask(supergraphRequest(entries));
      expect(control).toEqual({ break: 401 });
      expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    });

    it.each([
      ['an operation without policies', supergraphRequest({ [kept]: null })],
      ['a response', { version: 1, stage: 'SubgraphResponse', control: 'continue', id: 'x' }],
      ['an execution', { version: 1, stage: 'ExecutionRequest', control: 'continue' }],
    ])('lets %s go on', async (_what, payload) => {
      const { stage, ...answer } = await ask(payload);
      expect(stage).toBe(payload.stage);
      expect(answer).toMatchObject({ version: 1, control: 'continue' });
      expect(answer.context).toBeUndefined();
      expect(answer.headers).toBeUndefined();
    });
  });

  describe('for Hive Router', () => {
    it('decides policies at graphql.analysis', async () => {
      const payload = analysis({ authorization: bearer() }, { user: null, no: null });
      expect(await ask(payload)).toEqual({
        version: 1,
        control: 'continue',
        context: { 'hive::authorization::required_policies': { user: true, no: false } },
      });
      const anonymous = await ask(analysis({}, { user: null }));
      expect(anonymous.context).toEqual({
        'hive::authorization::required_policies': { user: false },
      });
    });

    it('refuses an operation with policies whose token is bad', async () => {
      const answer = await ask(analysis({ authorization: bearer('a.b.c') }, { yes: null }));
      expect(answer).toMatchObject({
        version: 1,
        control: { break: 401 },
        headers: { 'content-type': 'application/json' },
        body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      });
    });

    it.each([
      ['an operation without policies', analysis({}, undefined)],
      ['another stage', { version: 1, stage: 'router.request', control: 'continue', id: 'x' }],
    ])('lets %s go on', async (_what, payload) => {
      expect(await ask(payload)).toEqual({ version: 1, control: 'continue' });
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['an unknown stage', { version: 1, stage: 'Nothing' }],
    ['another version', { ...supergraphRequest({}), version: 2 }],
    ['another version of Hive', { ...analysis({}, undefined), version: 2 }],
    ['RouterRequest without headers', { ...routerRequest({}), headers: undefined }],
    ['SubgraphRequest without a context', subgraphRequest({})],
    ['SubgraphRequest without a query', subgraphRequest({ [kept]: null }, { body: '{}' })],
    ['policies that are no object', supergraphRequest({ [kept]: null, [policies]: ['yes'] })],
    ['policies without the token stage', supergraphRequest({ [policies]: { yes: null } })],
    ['graphql.analysis without headers', { ...analysis({}, { yes: null }), headers: undefined }],
  ])('fails for %s, and says why in the log', async (_what, payload) => {
    const before = gateway.lines.length;
    expect((await send(payload)).status).toBe(400);
    const events = gateway.lines.slice(before).map((line) => JSON.parse(line).msg);
    expect(events).toEqual(['coprocessor.failed']);
  });

  it('is nowhere on the public port, and nothing else is on its own', async () => {
    const publicly = await fetch(`${gateway.origin}/internal/coprocessor`, { method: 'POST' });
    expect(publicly.status).toBe(404);
    expect((await send({}, '/graphql')).status).toBe(404);
    const read = await fetch(`${gateway.coprocessorOrigin}/internal/coprocessor`);
    expect(read.status).toBe(405);
  });

  it('takes no request that is larger than any of a router', async () => {
    const response = await send(' '.repeat(5_000_000)).catch(() => undefined);
    // The connection may be cut while the rest is still on its way.
    expect(response?.status ?? 413).toBe(413);
  });
});

describe('the coprocessor endpoint on a Unix socket', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-socket-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('answers there, for its group alone, and takes the place of one that died', async () => {
    const path = join(folder, 'gatehouse.sock');
    for (const _start of ['first', 'second']) {
      const gateway = await startTestGateway({ COPROCESSOR_LISTEN: `unix:${path}` });
      expect(statSync(path).mode & 0o777).toBe(0o660);
      const dispatcher = new Agent({ connect: { socketPath: path } });
      const { statusCode, body } = await request('http://localhost/internal/coprocessor', {
        method: 'POST',
        body: JSON.stringify({ version: 1, stage: 'router.response', control: 'continue' }),
        dispatcher,
      });
      expect(statusCode).toBe(200);
      expect(await body.json()).toEqual({ version: 1, control: 'continue' });
      await dispatcher.close();
      await gateway.stop();
      await leaveSocketBehind(path);
    }
  });

  it('is not taken from a process that lives', async () => {
    const path = join(folder, 'gatehouse.sock');
    const other = createServer().listen(path);
    await expect(startTestGateway({ COPROCESSOR_LISTEN: `unix:${path}` })).rejects.toThrow(
      'EADDRINUSE',
    );
    await new Promise((resolve) => other.close(resolve));
  });
});

/** As a process does that is killed. */
async function leaveSocketBehind(path: string): Promise<void> {
  const { spawnSync } = await import('node:child_process');
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', program]);
  expect(statSync(path).isSocket()).toBe(true);
}
