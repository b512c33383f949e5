import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import http from '@graphql-mesh/transport-http';
import { graphql } from 'graphql';
import { createRemoteJWKSet, decodeJwt, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { subgraphOf } from '../../examples/gateway/federated-schema.ts';
import { hiveGatewayConfig } from '../../examples/routers/hive-gateway.ts';
import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';
import { createFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { keepAliveTimeout } from '../support/keep-alive.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, type SendOptions } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { federation } from '../support/test-graph.ts';

const secret = 'what only the router knows in tests: 0123456789';
const issuer = 'http://auth.test';

const register = `mutation ($input: RegisterInput!) { register(input: $input) {
  accessToken refreshToken user { id reviews { body } } } }`;
const reviewsSdl = `${federation}
  type Query {
    whoami: String
    mine: String @authenticated
    readable: String @requiresScopes(scopes: [["reviews:read"]])
    classified: Classified
    level: Level
    deletable: String @requiresScopes(scopes: [["reviews:delete"]])
  }
  type User @key(fields: "id") { id: ID! reviews: [Review!] }
  type Review { body: String! }
  scalar Classified @authenticated
  enum Level @authenticated { HIGH }`;

describe('Hive Gateway before the auth subgraph', () => {
  let folder: string;
  let database: FreshDatabase;
  let auth: TestGateway;
  let reviews: { url: string; server: Server; headers: Record<string, unknown>[] };
  let router: { origin: string; stop: () => Promise<void> };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-hive-'));
    const settings = join(folder, 'gatehouse.yaml');
    writeFileSync(
      settings,
      'scopes: [reviews:read, reviews:delete]\nroles: { user: { default: true, scopes: [reviews:read] } }',
    );
    // Its roles are its own: other tests must not find them.
    database = await createFreshDatabase();
    const env = {
      ROLE: 'subgraph',
      ROUTER_SECRET: secret,
      PUBLIC_URL: issuer,
      GATEHOUSE_CONFIG: settings,
    };
    auth = await startTestGateway(env, createTestClock(), database.target);
    reviews = await startReviews(auth);
    router = await startRouter(auth, reviews.url);
  });
  afterAll(async () => {
    await router.stop();
    reviews.server.closeAllConnections();
    reviews.server.close();
    await auth.stop();
    await database.remove();
    rmSync(folder, { recursive: true });
  });

  const ask = (query: string, accessToken?: string, variables: object = {}) => {
    const options: SendOptions = accessToken === undefined ? {} : { accessToken };
    // biome-ignore lint/suspicious/noExplicitAny: the router's graph has no generated types
    return createTestClient(router.origin).send<any, object>(query, variables, options);
  };
  const signUp = async () => {
    const input = { email: freshEmail(), password: goodPassword, delivery: 'BODY' };
    const { data, text } = await ask(register, undefined, { input });
    if (!data?.register) throw new Error(text);
    return data.register;
  };
  const codes = ({ errors }: { errors: readonly { extensions: { code: string } }[] }) =>
    errors.map(({ extensions }) => extensions.code);

  it('signs people up, and goes on into another subgraph', async () => {
    const { accessToken, user } = await signUp();
    expect(user).toEqual({ id: expect.any(String), reviews: [{ body: `of ${user.id}` }] });
    expect((await ask('{ me { id } whoami }', accessToken)).data).toEqual({
      me: { id: user.id },
      whoami: user.id,
    });
  });

  it('takes our access tokens for what its rules ask', async () => {
    const { accessToken } = await signUp();
    const rules = '{ whoami mine readable deletable }';
    const anonymous = await ask(rules);
    expect(anonymous.data).toEqual({
      whoami: 'nobody',
      mine: null,
      readable: null,
      deletable: null,
    });
    expect(codes(anonymous)).toEqual(Array(3).fill('UNAUTHORIZED_FIELD_OR_TYPE'));
    const signedIn = await ask(rules, accessToken);
    expect(signedIn.data).toMatchObject({ mine: 'mine', readable: 'readable', deletable: null });
    expect(codes(signedIn)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
  });

  it.each([
    ['half a token', async () => 'a.b.c'],
    [
      'a token with another signature',
      async () => {
        const { accessToken } = await signUp();
        const other = (await signUp()).accessToken;
        return [...accessToken.split('.').slice(0, 2), other.split('.')[2]].join('.');
      },
    ],
  ])('takes %s for nobody', async (_what, token) => {
    const { data } = await ask('{ mine readable }', await token());
    expect(data).toEqual({ mine: null, readable: null });
  });

  it('answers nothing to a token that a stranger signed', async () => {
    const { accessToken } = await signUp();
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT({ ...decodeJwt(accessToken), scope: 'reviews:delete' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'stranger' })
      .sign(privateKey);
    const { data, errors } = await ask('{ mine deletable }', forged);
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
  });

  it('leaves rules on scalars and enums aside, which docs/routers.md warns of', async () => {
    const { data } = await ask('{ classified level }');
    expect(data).toEqual({ classified: 'classified', level: 'HIGH' });
  });

  it('lets a client with a stale token refresh', async () => {
    const { refreshToken, user } = await signUp();
    const refresh = `mutation ($input: RefreshTokenInput) {
      refreshToken(input: $input) { accessToken user { id } } }`;
    const { data } = await ask(refresh, 'a.b.c', { input: { refreshToken } });
    expect(data.refreshToken.user.id).toBe(user.id);
  });

  it('passes the cookie on, both ways', async () => {
    const browser = createTestClient(router.origin);
    const input = { email: freshEmail(), password: goodPassword };
    await browser.send(register, { input });
    expect(browser.cookies.get('refreshToken')).toMatch(/^gtr_/);
    // biome-ignore lint/suspicious/noExplicitAny: the router's graph has no generated types
    const { data } = await browser.send<any, object>('mutation { refreshToken { accessToken } }');
    expect(data.refreshToken.accessToken).toEqual(expect.any(String));
    const elsewhere = { headers: { origin: 'https://evil.example' } };
    const forged = await browser.send('mutation { refreshToken { accessToken } }', {}, elsewhere);
    expect(forged.data).toBeNull();
  });

  it('gives each of many people at once their own answer', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, signUp));
    const answers = await Promise.all(
      people.map(({ accessToken }) => ask('{ me { id } whoami }', accessToken)),
    );
    expect(answers.map(({ data }) => [data.me.id, data.whoami])).toEqual(
      people.map(({ user }) => [user.id, user.id]),
    );
  });

  it('shows its secret to the auth subgraph alone', () => {
    expect(reviews.headers.length).toBeGreaterThan(0);
    expect(reviews.headers.filter((headers) => 'x-router-secret' in headers)).toEqual([]);
  });
});

async function startRouter(auth: TestGateway, reviewsUrl: string) {
  const url = `${auth.origin}/graphql`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = await response.json();
  const { supergraphSdl } = composeSupergraph([
    { name: 'gatehouse', url, sdl: data._service.sdl },
    { name: 'reviews', url: reviewsUrl, sdl: reviewsSdl },
  ]);
  const runtime = createGatewayRuntime({
    ...hiveGatewayConfig({
      supergraph: supergraphSdl,
      gatehouse: auth.origin,
      issuer,
      routerSecret: secret,
    }),
    transports: { http },
    logging: false,
  });
  const server = createServer({ keepAliveTimeout }, runtime);
  const origin = await listen(server);
  return {
    origin,
    async stop() {
      server.closeAllConnections();
      server.close();
      await runtime[Symbol.asyncDispose]();
    },
  };
}

/** A subgraph that verifies the access token by itself, as those behind other routers do. */
async function startReviews(auth: TestGateway) {
  const keys = createRemoteJWKSet(new URL(`${auth.origin}/.well-known/jwks.json`));
  const schema = subgraphOf<{ userId: string }>(reviewsSdl, ['User'], {
    Query: {
      whoami: (_source: unknown, _args: unknown, { userId }: { userId: string }) => userId,
      mine: () => 'mine',
      readable: () => 'readable',
      deletable: () => 'deletable',
      classified: () => 'classified',
      level: () => 'HIGH',
    },
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id, reviews: [{ body: `of ${id}` }] }),
    },
  } as never);
  const headers: Record<string, unknown>[] = [];
  const server = createServer({ keepAliveTimeout }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    headers.push(request.headers);
    const { query: source, variables, operationName } = JSON.parse(String(Buffer.concat(chunks)));
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    const verified =
      token === undefined
        ? undefined
        : await jwtVerify(token, keys, {
            issuer,
            audience: 'graph',
            algorithms: ['ES256'],
            typ: 'at+jwt',
            currentDate: auth.clock.now(),
          }).catch(() => undefined);
    const contextValue = { userId: verified?.payload.sub ?? 'nobody' };
    const result = await graphql({
      schema,
      source,
      variableValues: variables,
      operationName,
      contextValue,
    });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  });
  return { url: `${await listen(server)}/graphql`, server, headers };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
