import { execFileSync } from 'node:child_process';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { freePort } from '../chaos/free-port.ts';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { exactAnswer } from '../support/exact-answer.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { postgresUrl } from '../support/test-databases.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Milliseconds: three starts, on a machine that does other things too. */
const patience = 120_000;

describe('WORKERS', () => {
  it('needs a database that more than one process can open', () => {
    const read = () => readConfig({ WORKERS: '2', DATA_DIR: '/nowhere' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('WORKERS needs DATABASE_URL');
  });
});

(postgresUrl === undefined ? describe.skip : describe)('a server of three workers', () => {
  let server: BuiltServer;
  let metrics: string;
  const started = () => server.lines.filter(({ msg }) => msg === 'gateway.started');
  beforeEach(async () => {
    const port = await freePort();
    metrics = `http://127.0.0.1:${port}/metrics`;
    server = await startBuiltServer({ WORKERS: '3', METRICS_PORT: String(port) });
    await waitUntil(async () => started().length === 3);
  }, patience);
  afterEach(() => server.clean());

  const register = async () => {
    const client = createTestClient(server.origin);
    const answer = await client.send<{ register: { accessToken: string } }, object>(
      `mutation { register(input: { email: "${freshEmail()}", password: "${goodPassword}" }) { accessToken } }`,
    );
    return { client, accessToken: dataOf(answer).register.accessToken };
  };
  /** On a connection of its own: the next one goes to the next worker. */
  const ask = (accessToken: string) =>
    exactAnswer(server.origin, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ query: '{ me { id roles } }' }),
    });
  const workers = () =>
    execFileSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  const amount = async (series: string) => {
    const text = await (await fetch(metrics)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1) ?? 0);
  };

  it(
    'listens on one port, and its one port of metrics counts what all of them answered',
    async () => {
      expect(new Set(started().map(({ port }) => port)).size).toBe(1);
      expect(workers()).toHaveLength(3);
      const { accessToken } = await register();
      const answers = await Promise.all(Array.from({ length: 30 }, () => ask(accessToken)));
      expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
      const count = 'gatehouse_requests_total{operation="me",code="OK"}';
      await waitUntil(async () => (await amount(count)) === 30);
      expect(await amount('gatehouse_revocation_listener_listening')).toBe(1);
    },
    patience,
  );

  it(
    'refuses at every worker, within a moment, what one of them revoked',
    async () => {
      const { client, accessToken } = await register();
      await client.send('mutation { logout { success } }', {}, { accessToken });
      let refusedInARow = 0;
      await waitUntil(async () => {
        const { body } = await ask(accessToken);
        refusedInARow = body.includes('SESSION_REVOKED') ? refusedInARow + 1 : 0;
        return refusedInARow === 12;
      });
    },
    patience,
  );

  it(
    'replaces one that died, and ends with exit code 0 when asked',
    async () => {
      process.kill(workers()[0] ?? Number.NaN, 'SIGKILL');
      await waitUntil(async () => started().length === 4);
      expect(server.lines.filter(({ msg }) => msg === 'worker.died')).toHaveLength(1);
      await register();
      server.kill('SIGTERM');
      expect(await server.ended).toBe(0);
      const begun = server.lines.filter(({ msg }) => msg === 'stop.began');
      // The first process, and each of three workers.
      expect(begun).toHaveLength(4);
    },
    patience,
  );
});
