import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import type { GatewayProcess } from './gateway-process.ts';
import type { Ledger } from './ledger.ts';

/** Asks every gateway all the time for something that needs the database. */
export interface RecoveryProbe {
  /** A database fault is over, or the next one begins: what fails between them is slow recovery. */
  readonly back: (fault: string) => void;
  readonly away: () => void;
  readonly stop: () => Promise<void>;
}

/** The time from the end of a fault to the beginning of the next. */
interface Peace {
  readonly fault: string;
  readonly since: number;
  /** How many good answers in a row each gateway has given in it. */
  readonly good: Map<GatewayProcess, number>;
  /** Milliseconds until the last gateway began to answer well. */
  worst: number;
}

/** Milliseconds. */
const pause = 100;
const renewal = 20_000;
const goal = 5_000;
/** Good answers in a row with which a gateway has recovered. */
const steady = 5;

export async function startRecoveryProbe(
  gateways: readonly GatewayProcess[],
  freshToken: () => Promise<string>,
  newClient: (port: number) => ApiClient,
  ledger: Ledger,
): Promise<RecoveryProbe> {
  let isStopped = false;
  let peace: Peace | undefined;
  let accessToken = await freshToken();
  const renewing = setInterval(async () => {
    accessToken = await freshToken();
  }, renewal);

  const watch = async (gateway: GatewayProcess, client: ApiClient) => {
    while (!isStopped) {
      const during = peace;
      if (gateway.isReady()) {
        const outcome = await client.send({ operation: 'Person', accessToken });
        // Who did not answer at all was killed; what counts is a gateway that can't.
        if (during && outcome.kind !== 'lost') {
          const good = during.good.get(gateway) ?? 0;
          const isRefused = outcome.kind === 'refused' && outcome.retryable;
          if (good < steady && (isRefused || good === 0)) {
            during.worst = Math.max(during.worst, performance.now() - during.since);
          }
          during.good.set(gateway, isRefused && good < steady ? 0 : good + 1);
        }
      }
      // Whoever is being started again has a reason of its own to be late.
      if (during && !gateway.isReady()) during.good.set(gateway, steady);
      await sleep(pause);
    }
    client.close();
  };
  const watching = gateways.map((gateway) => watch(gateway, newClient(gateway.port)));
  const conclude = () => {
    if (!peace) return;
    const { fault, worst } = peace;
    peace = undefined;
    ledger.recovered(fault, worst);
    if (worst >= goal) ledger.note('slowRecovery', `${Math.round(worst)} ms after ${fault}`);
  };

  return {
    back(fault) {
      peace = { fault, since: performance.now(), good: new Map(), worst: 0 };
    },
    away: conclude,
    async stop() {
      conclude();
      isStopped = true;
      clearInterval(renewing);
      await Promise.all(watching);
    },
  };
}
