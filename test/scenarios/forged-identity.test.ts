import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { MintIdentity } from '../../src/federation/identity/mint-identity.ts';
import type { SigningKey } from '../../src/keys/signing-key.ts';
import { RegisterDocument } from '../generated/graphql.ts';
import { activeIdentityKey, minterWith } from '../support/identity-minter.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { shownPassword } from '../support/shown-password.ts';
import { type SubgraphProcess, startSubgraphProcess } from '../support/subgraph-processes.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const body = JSON.stringify({ query: '{ whoami }' });
const mutation = JSON.stringify({ query: 'mutation { touch }' });
const ada = {
  kind: 'user',
  ...shownPassword,
  userId: 'ada',
  sessionId: 'session',
  scopes: [],
  roles: ['user'],
} as const;
const reviews = { audience: 'reviews', claims: [] } as const;
const products = { audience: 'products', claims: [] } as const;

/** Attack: somebody who reaches a subgraph's port, with what can be had without the gateway's key. */
describe.each(['apollo', 'yoga', 'nest'] as const)(
  'a subgraph of %s in its own process',
  (kind) => {
    let gateway: TestGateway;
    let subgraph: SubgraphProcess;
    let mint: MintIdentity;
    let mintWithRetiredKey: MintIdentity;
    beforeAll(async () => {
      const before = await startTestGateway();
      const retired = await activeIdentityKey(before);
      await before.query(`UPDATE signing_keys SET state = 'retired' WHERE kid = $1`, [retired.kid]);
      await before.query(
        `UPDATE signing_keys SET state = 'active' WHERE purpose = 'identity' AND state = 'next'`,
      );
      await before.stop();
      gateway = await startTestGateway();
      subgraph = await startSubgraphProcess(kind, 'reviews', gateway.origin);
      mint = await minter(await activeIdentityKey(gateway));
      mintWithRetiredKey = await minter(retired);
    });
    afterAll(async () => {
      await subgraph.stop();
      await gateway.stop();
    });

    const minter = (key: SigningKey, at = () => new Date()) => minterWith(key, gateway.origin, at);
    const asked = { requestId: 'request', operation: 'query', body } as const;
    const send = async (token: string | undefined, sent = body) => {
      const response = await fetch(subgraph.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token ? { 'txn-token': token } : {}) },
        body: sent,
      });
      const { data, errors } = (await response.json()) as {
        data?: Record<string, string>;
        errors?: readonly { extensions: { code: string; reason: string } }[];
      };
      return data ?? `${response.status} ${errors?.[0]?.extensions.reason}`;
    };

    it("takes the gateway's token, of a user and of nobody", async () => {
      expect(await send(mint(ada, reviews, asked))).toEqual({ whoami: 'ada' });
      expect(await send(mint({ kind: 'anonymous' }, reviews, asked))).toEqual({
        whoami: 'anonymous',
      });
    });

    it('refuses a request without a token', async () => {
      expect(await send(undefined)).toBe('401 TOKEN_MISSING');
    });

    it("refuses the user's own access token", async () => {
      const input = { email: freshEmail(), password: goodPassword };
      const { register } = dataOf(
        await createTestClient(gateway.origin).send(RegisterDocument, { input }),
      );
      expect(await send(register.accessToken)).toBe('401 UNKNOWN_KEY');
    });

    it("refuses another subgraph's token", async () => {
      expect(await send(mint(ada, products, asked))).toBe('401 WRONG_AUDIENCE');
    });

    it('refuses a token that is replayed with another body', async () => {
      expect(await send(mint(ada, reviews, asked), mutation)).toBe('401 BODY_MISMATCH');
    });

    it('refuses a mutation that is sent twice', async () => {
      const token = mint(ada, reviews, { ...asked, operation: 'mutation', body: mutation });
      expect(await send(token, mutation)).toEqual({ touch: 'ada' });
      expect(await send(token, mutation)).toBe('401 TOKEN_REPLAYED');
    });

    it('refuses an expired token', async () => {
      const old = await minter(
        await activeIdentityKey(gateway),
        () => new Date(Date.now() - 66_000),
      );
      expect(await send(old(ada, reviews, asked))).toBe('401 TOKEN_EXPIRED');
    });

    it('refuses a token signed by a retired key', async () => {
      expect(await send(mintWithRetiredKey(ada, reviews, asked))).toBe('401 UNKNOWN_KEY');
    });

    it.each(['GET', 'PUT', 'PATCH', 'DELETE'])(
      'refuses %s, with a query in the address and the body of the token',
      async (method) => {
        const answer = await sendWithBody(method, `${subgraph.url}?query=${attack}`);
        // All but GET, Yoga refuses of itself.
        const isOurs = kind !== 'yoga' || method === 'GET';
        expect(answer).toEqual({
          status: 405,
          reason: isOurs ? 'METHOD_NOT_ALLOWED' : undefined,
          allow: isOurs ? 'POST' : 'GET, POST',
          whoami: undefined,
        });
      },
    );

    it('never answers the query in the address of a POST', async () => {
      const answer = await sendWithBody('POST', `${subgraph.url}?query=${attack}`);
      expect(answer).toMatchObject(
        // Yoga's body counts alone.
        kind === 'yoga' ? { whoami: 'ada' } : { status: 401, reason: 'BODY_MISMATCH' },
      );
    });

    const attack = encodeURIComponent('{ __schema { queryType { name } } }');
    /** A request that fetch would not send: its method has no body. */
    const sendWithBody = async (method: string, url: string) => {
      const call = request(url, {
        method,
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          'txn-token': mint(ada, reviews, asked),
        },
      });
      call.end(body);
      const [answer] = (await once(call, 'response')) as [IncomingMessage];
      const { data, errors } = JSON.parse(await text(answer));
      return {
        status: answer.statusCode,
        allow: answer.headers.allow,
        reason: errors?.[0].extensions.reason,
        whoami: data?.whoami,
      };
    };
  },
);
