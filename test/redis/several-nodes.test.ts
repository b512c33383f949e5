import { LoginDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import {
  type RedisServer,
  startRedisCluster,
  startRedisWithSentinels,
} from '../support/redis-servers.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Milliseconds: log-ins one after the other, on a machine that does other things too. */
const patience = 240_000;

const hostsOf = (servers: readonly RedisServer[]) =>
  servers.map(({ port }) => `127.0.0.1:${port}`).join(',');

async function register({ origin }: TestGateway): Promise<string> {
  const email = freshEmail();
  const input = { email, password: goodPassword };
  dataOf(await createTestClient(origin).send(RegisterDocument, { input }));
  return email;
}

/** One after the other: what is measured here is not how many hashes a slow machine makes at once. */
async function registerAll(count: number, gateway: TestGateway): Promise<readonly string[]> {
  const people: string[] = [];
  while (people.length < count) people.push(await register(gateway));
  return people;
}

async function logIn({ origin }: TestGateway, identifier: string, password: string) {
  const input = { identifier, password };
  const answer = await createTestClient(origin).send(LoginDocument, { input });
  return answer.errors.length === 0 ? 'in' : refusalOf(answer);
}

/** What a test has started, and whoever runs it next must not find. */
const running: { readonly stop: () => Promise<void> }[] = [];
async function run<Started extends (typeof running)[number]>(
  starting: Promise<Started>,
): Promise<Started> {
  const started = await starting;
  running.push(started);
  return started;
}
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

/** Wrong passwords at all processes in turn, until one is refused. @returns how many were looked at */
async function guess(gateways: readonly TestGateway[], email: string): Promise<number> {
  for (let guesses = 0; ; guesses += 1) {
    const gateway = gateways[guesses % gateways.length];
    if (!gateway) throw new Error('no gateway');
    if ((await logIn(gateway, email, 'not the password')) === 'RATE_LIMITED') return guesses;
  }
}

/** With one process more each would have its own five, were they counted apart. A slow machine sees the first waits end. */
const mostTogether = 8;

const logOf = ({ lines }: TestGateway, event: string) =>
  lines.filter((line) => line.includes(`"msg":"${event}"`)).map((line) => JSON.parse(line).host);

describe('limits in a Redis Cluster of three nodes', () => {
  it(
    'are shared, go on while one node is lost under load, and are shared again after',
    async () => {
      const { servers } = await run(startRedisCluster(3));
      const env = { REDIS_URL: `redis-cluster://${hostsOf(servers.slice(0, 2))}` };
      const gateways = [await run(startTestGateway(env)), await run(startTestGateway(env))];
      const [here, there] = gateways as [TestGateway, TestGateway];
      const people = await registerAll(6, here);
      // Together: spread over the nodes by their keys.
      for (const email of people.slice(0, 3)) {
        expect(await guess(gateways, email)).toBeLessThanOrEqual(mostTogether);
      }

      const [lost] = servers;
      if (!lost) throw new Error('no server');
      let isLoaded = true;
      const answers: string[] = [];
      const load = (async () => {
        while (isLoaded) {
          for (const email of people.slice(3))
            answers.push(await logIn(there, email, goodPassword));
        }
      })();
      await waitUntil(async () => answers.length > 3);
      await lost.kill();
      const host = `127.0.0.1:${lost.port}`;
      await waitUntil(async () => logOf(there, 'redis.away').includes(host));
      const atLoss = answers.length;
      await waitUntil(async () => answers.length > atLoss + 12);
      isLoaded = false;
      await load;
      // Nobody is locked out, and nobody may guess without end.
      expect(new Set(answers)).toEqual(new Set(['in']));
      for (const email of people.slice(3)) {
        expect(await guess([here], email)).toBeLessThanOrEqual(mostTogether);
      }
      expect(logOf(there, 'redis.away')).toEqual([host]);

      await lost.start();
      await waitUntil(async () => {
        for (const email of people) await logIn(there, email, 'not the password');
        return logOf(there, 'redis.back').includes(host);
      });
      expect(logOf(there, 'redis.back')).toEqual([host]);
    },
    patience,
  );
});

describe('limits in a Redis that Sentinels look after', () => {
  it(
    'are shared again when its replica has taken over',
    async () => {
      const { servers, sentinels } = await run(startRedisWithSentinels('limits'));
      const hosts = hostsOf(sentinels);
      const env = { REDIS_URL: `redis-sentinel://${hosts}/limits/2` };
      const gateways = [await run(startTestGateway(env)), await run(startTestGateway(env))];
      const [here] = gateways as [TestGateway];
      const people = await registerAll(3, here);
      const [first = '', second = '', third = ''] = people;
      expect(await guess(gateways, first)).toBeLessThanOrEqual(mostTogether);

      await servers[0]?.kill();
      await waitUntil(async () => logOf(here, 'redis.away').length === 1);
      expect(await logIn(here, second, goodPassword)).toBe('in');
      for (const gateway of gateways) {
        await waitUntil(async () => logOf(gateway, 'redis.back').length === 1);
      }
      expect(logOf(here, 'redis.away')).toEqual([hosts]);
      expect(await guess(gateways, third)).toBeLessThanOrEqual(mostTogether);
    },
    patience,
  );
});
