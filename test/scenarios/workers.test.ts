import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../chaos/free-port.ts';
import {
  LogoutDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { runBuilt } from '../support/plain-node.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { databaseVariables, postgresUrl, testDatabase } from '../support/test-databases.ts';
import { testSecrets } from '../support/test-secrets.ts';

/** Says which process it is: the first line is that of the primary. */
const tellsProcess = [
  '--import',
  `data:text/javascript,${encodeURIComponent(
    "import { isMainThread } from 'node:worker_threads'; if (isMainThread) process.stderr.write('process ' + process.pid + '\\n');",
  )}`,
];
/** The second worker says who it is before it loads any code of ours, and loads it on SIGUSR2. */
const holdsSecondWorker = [
  '--import',
  `data:text/javascript,${encodeURIComponent(
    `import cluster from 'node:cluster';
    import { isMainThread } from 'node:worker_threads';
    if (isMainThread && cluster.worker?.id === 2) {
      const told = new Promise((resolve) => process.once('SIGUSR2', resolve));
      process.stderr.write('held ' + process.pid + '\\n');
      await told;
    }`,
  )}`,
];
const patience = 120_000;

describe('WORKERS above 1', () => {
  it('refuses the embedded database, which serves one process', async () => {
    const { code, stderr } = await runBuilt(['main.js'], '/', { WORKERS: '2' });
    expect(code).toBe(1);
    expect(stderr).toContain('- WORKERS needs DATABASE_URL');
  });
});

/** The embedded database serves one process: there it is refused, as above. */
if (postgresUrl !== undefined)
  describe('two workers', () => {
    let server: BuiltServer | undefined;
    let metricsPort: number;
    afterEach(() => server?.clean());

    const start = async (env: Readonly<Record<string, string>> = {}) => {
      metricsPort = await freePort();
      server = await startBuiltServer(
        { WORKERS: '2', METRICS_PORT: String(metricsPort), ...env },
        tellsProcess,
      );
      await eventually(async () => (await amount('gatehouse_workers')) === 2);
      return server;
    };
    const amount = async (series: string) => {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const line = text.split('\n').find((row) => row.startsWith(`${series} `));
      return line === undefined ? 0 : Number(line.slice(series.length + 1));
    };
    const lookups = (result: string) =>
      amount(`gatehouse_access_token_lookups_total{result="${result}"}`);
    const workersOf = ({ text }: BuiltServer) =>
      [...text().matchAll(/^process (\d+)$/gm)].slice(1).map(([, pid]) => Number(pid));
    const signIn = async ({ origin }: BuiltServer) => {
      const client = createTestClient(origin);
      const input = { email: freshEmail(), password: goodPassword };
      const { register } = dataOf(await client.send(RegisterDocument, { input }));
      return { client, ...register };
    };

    it(
      'both answer, each checks a token once, and the metrics are those of both',
      async () => {
        const running = await start();
        const { accessToken } = await signIn(running);
        for (let turn = 0; turn < 10; turn += 1) {
          expect(await meOnOwnConnection(running.origin, accessToken)).not.toContain('errors');
        }
        expect(await lookups('miss')).toBe(2);
        expect(await lookups('hit')).toBe(8);
        expect(await amount('gatehouse_requests_total{operation="me",code="OK"}')).toBe(10);
        expect(await amount('gatehouse_revocation_listener_listening')).toBe(1);
        const started = running.lines.filter(({ msg }) => msg === 'gateway.started');
        expect(new Set(started.map(({ worker }) => worker))).toEqual(new Set([1, 2]));
      },
      patience,
    );

    it(
      'both refuse, within a moment, what one of them revoked',
      async () => {
        const running = await start();
        const { client, accessToken } = await signIn(running);
        dataOf(await client.send(LogoutDocument, {}, { accessToken }));
        let refusedInARow = 0;
        await eventually(async () => {
          const answer = await meOnOwnConnection(running.origin, accessToken);
          refusedInARow = answer.includes('SESSION_REVOKED') ? refusedInARow + 1 : 0;
          return refusedInARow === 8;
        });
      },
      patience,
    );

    it(
      'one that is killed is replaced; no session is lost, and nothing that was counted',
      async () => {
        const running = await start();
        const { client, accessToken } = await signIn(running);
        for (let turn = 0; turn < 10; turn += 1) {
          await meOnOwnConnection(running.origin, accessToken);
        }
        expect(await lookups('miss')).toBe(2);
        const [, killed = 0] = workersOf(running);
        process.kill(killed, 'SIGKILL');
        await eventually(async () => workersOf(running).length === 3);
        await eventually(async () => (await amount('gatehouse_workers')) === 2);
        for (let turn = 0; turn < 10; turn += 1) {
          expect(await meOnOwnConnection(running.origin, accessToken)).not.toContain('errors');
        }
        expect(await lookups('miss')).toBe(3);
        expect(await amount('gatehouse_requests_total{operation="me",code="OK"}')).toBe(20);
        const { refreshToken } = dataOf(await client.send(RefreshDocument));
        const me = await client.send(MeDocument, {}, { accessToken: refreshToken.accessToken });
        expect(dataOf(me).me).not.toBeNull();
        expect(running.lines).toContainEqual(
          expect.objectContaining({ msg: 'worker.died', detail: 'SIGKILL' }),
        );
      },
      patience,
    );

    it(
      'finish what is in flight on SIGTERM, both say that they stop, and all end with 0',
      async () => {
        const running = await start({ BCRYPT_COST: '12', SHUTDOWN_DELAY: '300ms' });
        let answered = 0;
        const registrations = Array.from({ length: 6 }, async () => {
          const input = { email: freshEmail(), password: goodPassword };
          const answer = await createTestClient(running.origin).send(RegisterDocument, { input });
          answered += 1;
          return answer;
        });
        await eventually(async () => answered + (await amount('gatehouse_hash_queue_length')) >= 6);
        // The group is signalled as a terminal does: the workers' own signals do not count.
        for (const pid of workersOf(running)) process.kill(pid, 'SIGTERM');
        running.kill('SIGTERM');
        let readiness = await fetch(`${running.origin}/readyz`);
        while (readiness.status === 200) readiness = await fetch(`${running.origin}/readyz`);
        expect(await readiness.json()).toMatchObject({ status: 'stopping' });
        for (const { status } of await Promise.all(registrations)) expect(status).toBe(200);
        expect(await running.ended).toBe(0);
        const stops = running.lines.filter(({ msg }) => msg === 'stop.began');
        expect(stops).toHaveLength(3);
      },
      patience,
    );

    it(
      'end with 0 on a SIGTERM that comes before one of them listens to anything',
      async () => {
        server = await startBuiltServer(
          { WORKERS: '2', SHUTDOWN_TIMEOUT: '1s' },
          holdsSecondWorker,
        );
        const { lines, text, kill, ended } = server;
        const held = () => Number(/^held (\d+)$/m.exec(text())?.[1] ?? 0);
        await eventually(async () => held() !== 0);
        kill('SIGTERM');
        const stopsOfPrimary = () =>
          lines.some(({ msg, worker }) => msg === 'stop.began' && worker === undefined);
        await eventually(async () => stopsOfPrimary());
        process.kill(held(), 'SIGUSR2');
        expect(await ended).toBe(0);
        expect(lines.at(-1)).toMatchObject({ msg: 'stop.completed' });
        expect(lines.filter(({ msg }) => msg === 'gateway.started')).toHaveLength(1);
      },
      patience,
    );

    it(
      'end with the primary process when that is killed',
      async () => {
        const running = await start();
        running.kill('SIGKILL');
        await running.ended;
        await eventually(async () => !workersOf(running).some(isAlive));
      },
      patience,
    );

    it(
      'say in one place why they can not start, and end with 1',
      async () => {
        const running = await start();
        const database = testDatabase();
        const { code, stderr } = await runBuilt(['main.js'], '/', {
          ...testSecrets,
          WORKERS: '2',
          PORT: new URL(running.origin).port,
          ...('url' in database ? databaseVariables(database) : {}),
        });
        expect(code).toBe(1);
        expect(stderr.match(/EADDRINUSE/g)).toHaveLength(1);
        expect(stderr).toContain('The first worker ended before it took requests.');
      },
      patience,
    );
  });

/** Asks until the answer is yes: for as long as the test may take. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

/** A connection goes to one worker, and the next connection to the next one. @returns the answer */
function meOnOwnConnection(origin: string, accessToken: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(`${origin}/graphql`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    })
      .on('response', (response) => {
        resolve(text(response));
      })
      .on('error', reject)
      .end(JSON.stringify({ query: '{ me { id } }' }));
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
