import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseFault, FaultSchedule, Planned, ProcessFault } from './fault-schedule.ts';
import type { FrontProxy } from './front-proxy.ts';
import type { GatewayProcess } from './gateway-process.ts';
import type { Ledger } from './ledger.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import type { RecoveryProbe } from './recovery-probe.ts';

export interface Scene {
  readonly cluster: PostgresCluster;
  readonly gateways: readonly GatewayProcess[];
  readonly proxy: FrontProxy;
  readonly probe: RecoveryProbe;
  readonly ledger: Ledger;
  /** False when no new fault should begin. */
  readonly isOpen: () => boolean;
}

/** The share of answers that gets lost, always and during a fault of kind `drop`. */
export const everydayLoss = 0.01;
const heavyLoss = 0.5;

/** Lets the faults happen. Resolves when the last one has ended. */
export async function runFaults(
  scene: Scene,
  { database, processes }: FaultSchedule,
): Promise<void> {
  await Promise.all([
    runTrack(scene, database, runDatabaseFault),
    runTrack(scene, processes, runProcessFault),
  ]);
}

async function runTrack<Fault extends { readonly kind: string }>(
  scene: Scene,
  planned: readonly Planned<Fault>[],
  run: (scene: Scene, fault: Fault) => Promise<void>,
): Promise<void> {
  for (const { after, fault } of planned) {
    await sleep(after);
    if (!scene.isOpen()) return;
    scene.ledger.count(`fault ${fault.kind}`);
    scene.ledger.event(Object.values(fault).join(' '));
    await run(scene, fault);
  }
}

async function runDatabaseFault(scene: Scene, fault: DatabaseFault): Promise<void> {
  const { cluster, probe, ledger } = scene;
  probe.away();
  switch (fault.kind) {
    case 'freeze':
      cluster.freeze();
      await sleep(fault.milliseconds);
      cluster.thaw();
      break;
    case 'stop':
      await cluster.stop('fast');
      await sleep(fault.milliseconds);
      await cluster.start();
      break;
    case 'restart':
    case 'crash':
      await cluster.stop(fault.kind === 'restart' ? 'fast' : 'immediate');
      await cluster.start();
      break;
    case 'terminate':
      await terminateGateways(cluster);
      break;
    case 'exhaust':
      await exhaust(cluster, fault.milliseconds);
      break;
    case 'lose':
      await cluster.losePrimary();
      break;
  }
  probe.back(fault.kind);
  ledger.event(`${fault.kind} is over`);
  if (fault.kind === 'lose') await cluster.repair();
}

async function runProcessFault(scene: Scene, fault: ProcessFault): Promise<void> {
  const { gateways, proxy } = scene;
  if (fault.kind === 'drop') {
    proxy.setLoss(heavyLoss);
    await sleep(fault.milliseconds);
    proxy.setLoss(everydayLoss);
    return;
  }
  const gateway = gateways[fault.gateway];
  if (fault.kind === 'drain') {
    await gateway?.drain();
  } else {
    await gateway?.kill();
    await sleep(fault.milliseconds);
  }
  await gateway?.start();
}

async function terminateGateways({ adminUrl }: PostgresCluster): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gatehouse' AND application_name <> 'hog'`,
  );
  await admin.end();
}

/** Takes every connection that anybody but a superuser can have, those of the gateways included. */
async function exhaust(cluster: PostgresCluster, milliseconds: number): Promise<void> {
  const held: pg.Client[] = [];
  const until = Date.now() + milliseconds;
  while (Date.now() < until) {
    const client = new pg.Client({ connectionString: cluster.url, application_name: 'hog' });
    client.on('error', () => {});
    try {
      await client.connect();
      held.push(client);
    } catch {
      await client.end().catch(() => {});
      await terminateGateways(cluster);
      // What is freed is taken here or there; whoever comes first has it.
      await sleep(100);
    }
  }
  await Promise.all(held.map((client) => client.end()));
}
