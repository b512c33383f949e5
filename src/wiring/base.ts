import { v7 as uuidv7 } from 'uuid';
import type { Config } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import { createRandomStock } from '../core/random-stock.ts';
import { createTimers, type Timers } from '../core/timers.ts';
import { createLogger, type Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import { openMetrics } from './metrics.ts';

/** What every part is given. */
export interface Base {
  readonly config: Config;
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly log: Logger;
  /** Absent without METRICS_PORT. */
  readonly metrics: Metrics | undefined;
  readonly timers: Timers;
  /** Asks for something to be done at the stop. What was asked for last is done first. */
  readonly onStop: (work: () => Promise<unknown>) => void;
  /** Does all of it, once. @throws the first failure, after everything was tried */
  readonly stop: () => Promise<void>;
}

export async function createBase(
  config: Config,
  overrides: { readonly now?: Clock; readonly log?: Logger },
): Promise<Base> {
  const works: (() => Promise<unknown>)[] = [];
  return {
    config,
    now: overrides.now ?? (() => new Date()),
    newId: () => uuidv7(),
    randomBytes: createRandomStock(),
    log: overrides.log ?? createLogger(config.logLevel),
    metrics: await openMetrics(config),
    timers: createTimers(),
    onStop: (work) => works.push(work),
    async stop() {
      const failures: unknown[] = [];
      for (const work of works.splice(0).reverse()) {
        await work().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
