import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { waitUntil } from '../support/wait-until.ts';
import { type Haproxy, startHaproxy } from './haproxy.ts';

/** Milliseconds: four starts, on a machine that does other things too. */
const patience = 120_000;
const processes = 4;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** One PostgreSQL, one Redis where REDIS_URL names one, and a balancer that knows nothing of sessions. */
describe('four processes behind haproxy', () => {
  let servers: readonly BuiltServer[] = [];
  let haproxy: Haproxy;
  beforeAll(async () => {
    const redis = process.env.REDIS_URL;
    const env = {
      TRUST_PROXY: '127.0.0.1',
      // Racing refreshes are one race, also on a machine that is slow.
      REFRESH_GRACE: '60s',
      SHUTDOWN_DELAY: '2s',
      ...(redis === undefined ? {} : { REDIS_URL: redis }),
    };
    servers = await Promise.all(Array.from({ length: processes }, () => startBuiltServer(env)));
    haproxy = await startHaproxy(servers.map(({ origin }) => origin));
    await waitUntil(() =>
      fetch(`${haproxy.origin}/livez`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }, patience);
  afterAll(async () => {
    await haproxy?.stop();
    await Promise.all(servers.map((server) => server.clean()));
  });

  const send = <Data>(document: string, accessToken?: string) =>
    createTestClient(haproxy.origin).send<Data, object>(
      document,
      {},
      accessToken === undefined ? {} : { accessToken },
    );
  const register = async (email = freshEmail()) => {
    const input = `email: "${email}", password: "${goodPassword}", delivery: BODY`;
    const answer = await send<{ register: Tokens }>(
      `mutation { register(input: { ${input} }) { accessToken refreshToken } }`,
    );
    return dataOf(answer).register;
  };
  const refresh = (refreshToken: string) =>
    send<{ refreshToken: Tokens }>(
      `mutation { refreshToken(input: { refreshToken: "${refreshToken}" }) { accessToken refreshToken } }`,
    );
  const answeredBy = ({ lines }: BuiltServer, operation: string) =>
    lines.filter((line) => line.msg === 'request.answered' && line.operation === operation).length;

  it(
    'rotates one session at all of them in turn, and a log-out at one ends it at all',
    async () => {
      let tokens = await register();
      for (let turn = 0; turn < 3 * processes; turn += 1) {
        tokens = dataOf(await refresh(tokens.refreshToken)).refreshToken;
      }
      for (const server of servers) {
        await waitUntil(async () => answeredBy(server, 'refreshToken') >= 3);
      }
      dataOf(await send('mutation { logout { success } }', tokens.accessToken));
      let refusedInARow = 0;
      await waitUntil(async () => {
        const { text } = await send('{ me { id } }', tokens.accessToken);
        refusedInARow = text.includes('SESSION_REVOKED') ? refusedInARow + 1 : 0;
        return refusedInARow === 3 * processes;
      });
      for (let turn = 0; turn < processes; turn += 1) {
        expect(refusalOf(await refresh(tokens.refreshToken))).toBe(
          'UNAUTHENTICATED/SESSION_REVOKED',
        );
      }
    },
    patience,
  );

  it(
    'gives refreshes that race at different processes the same successor',
    async () => {
      const { refreshToken } = await register();
      const before = servers.map((server) => answeredBy(server, 'refreshToken'));
      const answers = await Promise.all(
        Array.from({ length: 2 * processes }, () => refresh(refreshToken)),
      );
      const successors = answers.map((answer) => dataOf(answer).refreshToken);
      expect(new Set(successors.map((successor) => successor.refreshToken)).size).toBe(1);
      for (const [index, server] of servers.entries()) {
        await waitUntil(async () => answeredBy(server, 'refreshToken') > (before[index] ?? 0));
      }
      for (const { accessToken } of successors) {
        expect((await send('{ me { id } }', accessToken)).errors).toEqual([]);
      }
    },
    patience,
  );

  it(
    'knows the client by what haproxy says, and not by what the client says of itself',
    async () => {
      const input = `email: "${freshEmail()}", password: "${goodPassword}"`;
      const answer = await postFrom(
        '127.0.0.2',
        haproxy.origin,
        `mutation { register(input: { ${input} }) { session { ip } } }`,
      );
      expect(answer).toEqual({ data: { register: { session: { ip: '127.0.0.2' } } } });
    },
    patience,
  );

  it(
    'counts wrong passwords together: four processes are not four times as many guesses',
    async () => {
      const email = freshEmail();
      await register(email);
      const guesses = await Promise.all(
        Array.from({ length: 12 }, (_, guess) =>
          send(
            `mutation { login(input: { identifier: "${email}", password: "wrong ${guess}" }) { tokenType } }`,
          ),
        ),
      );
      const refusals = guesses.map(refusalOf);
      expect(new Set(refusals)).toEqual(
        new Set(['UNAUTHENTICATED/INVALID_CREDENTIALS', 'RATE_LIMITED']),
      );
      // Five without a wait, and a few more where the machine is so slow that the waits pass meanwhile.
      expect(refusals.filter((refusal) => refusal === 'RATE_LIMITED').length).toBeGreaterThan(2);
    },
    patience,
  );

  it(
    'loses no request while one of them stops',
    async () => {
      const { accessToken } = await register();
      const [leaving] = servers;
      if (!leaving) throw new Error('no server');
      let hasEnded = false;
      const ended = leaving.ended.then(() => {
        hasEnded = true;
      });
      leaving.kill('SIGTERM');
      const failures: string[] = [];
      let asked = 0;
      while (!hasEnded) {
        const { status, text } = await send('{ me { id } }', accessToken);
        asked += 1;
        if (status !== 200 || text.includes('errors')) failures.push(`${status} ${text}`);
      }
      await ended;
      for (let turn = 0; turn < 2 * processes; turn += 1) {
        expect((await send('{ me { id } }', accessToken)).status).toBe(200);
      }
      expect(failures).toEqual([]);
      expect(asked).toBeGreaterThan(processes);
    },
    patience,
  );
});

/** Sends an operation from an address of this machine, with the lie that it is somebody else's. */
async function postFrom(localAddress: string, origin: string, query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' };
  const outgoing = request(`${origin}/graphql`, { method: 'POST', headers, localAddress });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  outgoing.end(JSON.stringify({ query }));
  const [response] = await answered;
  return json(response);
}
