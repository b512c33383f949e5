import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailable } from '../core/domain-error.ts';

/** Whether it makes sense to ask the database anything. */
export interface DatabaseGate {
  readonly isOpen: () => boolean;
  /** @throws ServiceUnavailable while it is closed */
  readonly assertOpen: () => void;
  /** Waits for something of the database, but no longer than the gate is open. @throws ServiceUnavailable */
  readonly whileOpen: <Result>(wait: Promise<Result>) => Promise<Result>;
  /** Somebody has waited in vain. Until a probe succeeds, nobody else shall. */
  readonly close: () => void;
  /** Ends the probing. */
  readonly stop: () => void;
}

export interface DatabaseGateOptions {
  /** Asks the database something small, on a connection of its own. Fails when it does not answer. */
  readonly probe: () => Promise<void>;
  /** Milliseconds between two probes. */
  readonly interval: number;
  readonly onClosed: () => void;
  readonly onOpened: () => void;
}

/**
 * Accident: the database is silent, and a request that asks it five things waits five times; requests
 * pile up behind each other and hold everything that they need. The first one that waits in vain
 * closes the gate; from then on all are refused at once, until the database answers a probe.
 */
export function createDatabaseGate(options: DatabaseGateOptions): DatabaseGate {
  const waiting = new Set<(error: Error) => void>();
  let isOpen = true;
  let isStopped = false;

  const probe = async () => {
    while (!isOpen && !isStopped) {
      try {
        await options.probe();
        isOpen = true;
        options.onOpened();
      } catch {
        await sleep(options.interval, undefined, { ref: false });
      }
    }
  };

  const assertOpen = () => {
    if (!isOpen) throw closed();
  };

  return {
    isOpen: () => isOpen,
    assertOpen,
    async whileOpen(wait) {
      assertOpen();
      let leave = () => {};
      const closing = new Promise<never>((_, reject) => {
        waiting.add(reject);
        leave = () => waiting.delete(reject);
      });
      try {
        return await Promise.race([wait, closing]);
      } finally {
        leave();
      }
    },
    close() {
      if (!isOpen || isStopped) return;
      isOpen = false;
      options.onClosed();
      for (const reject of waiting) reject(closed());
      void probe();
    },
    stop() {
      isStopped = true;
    },
  };
}

function closed(): ServiceUnavailable {
  return new ServiceUnavailable('DATABASE', { detail: 'gate closed' });
}
