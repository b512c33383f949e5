import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createApiClient } from './api-client.ts';
import { runApp } from './app.ts';
import { createBranches } from './branches.ts';
import { runBrowser } from './browser.ts';
import { everydayLoss, runFaults } from './fault-runner.ts';
import { planFaults } from './fault-schedule.ts';
import { freePort } from './free-port.ts';
import { startFrontProxy } from './front-proxy.ts';
import { createGatewayProcess, type GatewayProcess } from './gateway-process.ts';
import { createLedger, type Ledger, type Summary } from './ledger.ts';
import { watchPauses } from './pauses.ts';
import { type Account, logIn, register, type Stage } from './person.ts';
import { createPostgresCluster, type PostgresCluster } from './postgres-cluster.ts';
import { startRecoveryProbe } from './recovery-probe.ts';
import { createReplicatedCluster } from './replicated-cluster.ts';
import { runRevoker } from './revoker.ts';
import { createSeededRandom } from './seeded-random.ts';

export interface ChaosOptions {
  /** Milliseconds in which faults begin. */
  readonly duration: number;
  readonly seed: number;
  readonly processes: number;
  /** Whether the tabs of a browser may overtake each other: then sessions can get lost. */
  readonly overtaking: boolean;
  /** Whether there is a standby, and what happens to the database is the loss of its primary. */
  readonly standby: boolean;
  /** The folder of PostgreSQL's programs. */
  readonly postgresPrograms: string;
  readonly tell: (line: string) => void;
}

/** Milliseconds in which everything must come back after the last fault. */
const peace = 3_000;
/** Who takes part. */
const cast = { apps: 6, browsers: 3, tabs: 3, revokers: 2 } as const;

/** Plays the whole piece and returns what everybody saw. */
export async function runChaos(options: ChaosOptions): Promise<Summary> {
  const ledger = createLedger(() => performance.now(), options.tell);
  const random = createSeededRandom(options.seed).next;
  const create = options.standby ? createReplicatedCluster : createPostgresCluster;
  const cluster = await create(options.postgresPrograms);
  const gateways: GatewayProcess[] = [];
  try {
    const environment = await productionEnvironment(cluster);
    for (let index = 0; index < options.processes; index += 1) {
      gateways.push(await createGatewayProcess(`gateway ${index}`, environment, ledger));
    }
    await Promise.all(gateways.map((gateway) => gateway.start()));
    await play({ options, ledger, random, cluster, gateways });
    await Promise.all(gateways.map((gateway) => gateway.drain()));
    await checkBranchesInDatabase(cluster, ledger);
    return ledger.summary();
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.kill()));
    await cluster.destroy();
  }
}

interface Play {
  readonly options: ChaosOptions;
  readonly ledger: Ledger;
  readonly random: () => number;
  readonly cluster: PostgresCluster;
  readonly gateways: readonly GatewayProcess[];
}

async function play({ options, ledger, random, cluster, gateways }: Play): Promise<void> {
  const proxy = await startFrontProxy({
    gateways,
    random,
    onLost: () => ledger.count('answers lost on purpose'),
    onBrokenOff(gateway) {
      ledger.count('answers broken off');
      if (gateway.isDraining()) ledger.note('lostInDrain', gateway.name);
    },
  });
  const pauses = watchPauses(() => gateways.map((gateway) => gateway.pid()));
  let open = true;
  let end = performance.now() + options.duration;
  const stage: Stage = {
    ledger,
    random,
    mayOvertake: options.overtaking,
    branches: createBranches(ledger),
    newClient: () => createApiClient(proxy.port, ledger, pauses),
    isOpen: () => open,
    remaining: () => end - performance.now(),
  };
  const accounts = await registerAll(stage, cast.apps + cast.browsers + cast.revokers + 1);
  const [observer, ...people] = accounts as [Account, ...Account[]];
  const probe = await startRecoveryProbe(
    gateways,
    () => observe(stage, observer),
    (port) => createApiClient(port, ledger, pauses),
    ledger,
  );
  proxy.setLoss(everydayLoss);

  const acting = people.map((account, index) => {
    if (index < cast.apps) return runApp(stage, account);
    if (index < cast.apps + cast.browsers) return runBrowser(stage, account, cast.tabs);
    return runRevoker(stage, account);
  });
  end = performance.now() + options.duration;
  const isOpen = () => performance.now() < end;
  const schedule = planFaults(options.seed, options.duration, gateways.length, {
    hasStandby: options.standby,
  });
  await runFaults({ cluster, gateways, proxy, probe, ledger, isOpen }, schedule);

  // A while of peace, in which everything must come back.
  proxy.setLoss(0);
  await sleep(peace);
  open = false;
  await Promise.all(acting);
  await probe.stop();
  await proxy.stop();
}

async function registerAll(stage: Stage, count: number): Promise<readonly Account[]> {
  const names = Array.from({ length: count }, (_, index) => `person-${index}`);
  return Promise.all(names.map((name) => register(stage, name)));
}

async function observe(stage: Stage, account: Account): Promise<string> {
  const client = stage.newClient();
  const { accessToken } = await logIn(stage, client, account, 'BODY');
  client.close();
  return String(accessToken);
}

async function productionEnvironment(
  cluster: PostgresCluster,
): Promise<Readonly<Record<string, string>>> {
  const secret = () => randomBytes(36).toString('base64');
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${await freePort()}`,
    DATABASE_URL: cluster.url,
    REFRESH_TOKEN_SECRET: secret(),
    KEY_ENCRYPTION_SECRET: secret(),
    ACCESS_TOKEN_TTL: '1m',
    HASH_WORKERS: '1',
    SHUTDOWN_DELAY: '1s',
    LOG_LEVEL: 'info',
  };
}

/** Of each session's refresh tokens one at the most may be unspent. */
async function checkBranchesInDatabase(cluster: PostgresCluster, ledger: Ledger): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.adminUrl });
  await client.connect();
  const { rows } = await client.query(
    `SELECT session_id, count(*) FILTER (WHERE NOT revoked) AS unspent, count(*) AS kept
     FROM refresh_tokens GROUP BY session_id
     HAVING count(*) FILTER (WHERE NOT revoked) > 1 OR count(*) > 4`,
  );
  await client.end();
  for (const { session_id: id, unspent, kept } of rows) {
    ledger.note('doubleBranches', `session ${id} has ${unspent} unspent tokens, ${kept} rows`);
  }
}
