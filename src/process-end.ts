import type { Logger } from './observability/logger.ts';
import type { SignalSource } from './process-signals.ts';

export interface ProcessEndOptions {
  readonly process: Pick<NodeJS.Process, 'on' | 'exit'>;
  readonly signals: SignalSource;
  readonly log: Logger;
  /** Finishes what is in flight and closes everything. A crash does not wait for the load balancer. */
  readonly stop: (why: 'signal' | 'crash') => Promise<unknown>;
  /** Milliseconds after which the process ends, whatever still runs. */
  readonly deadline: number;
  /** Calls back after so many milliseconds, unless the process has ended. */
  readonly after: (milliseconds: number, work: () => void) => void;
}

/**
 * Ends the process in order: on a signal after what is in flight, with exit code 0; after an error
 * that nobody caught likewise, with exit code 1, for nobody knows what else it broke. The last line of
 * the log is out by then. A second signal or error, or the deadline, ends it at once.
 *
 * @returns what ends it as such an error does
 */
export function endInOrder({
  process,
  signals,
  log,
  stop,
  deadline,
  after,
}: ProcessEndOptions): () => void {
  let isEnding = false;

  const end = (why: 'signal' | 'crash', exitCode: number) => {
    isEnding = true;
    after(deadline, () => {
      log.error('stop.timed_out');
      process.exit(1);
    });
    stop(why).then(
      async () => {
        log.info('stop.completed');
        await log.drained();
        process.exit(exitCode);
      },
      (err: unknown) => {
        log.error({ err }, 'stop.failed');
        process.exit(1);
      },
    );
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    signals.on(signal, () => {
      if (isEnding) {
        log.warn({ signal }, 'stop.cut_short');
        process.exit(1);
        return;
      }
      log.info({ signal }, 'stop.began');
      end('signal', 0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.fatal({ err }, 'process.failed');
      if (isEnding) process.exit(1);
      else end('crash', 1);
    });
  }
  return () => {
    if (!isEnding) end('crash', 1);
  };
}
