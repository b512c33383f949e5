import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseErrorCode, outOfConnections } from './database-errors.ts';
import type { DatabaseGate } from './database-gate.ts';
import { DatabaseSilent } from './impatient-client.ts';

/** Milliseconds between two tries. */
const delays = [25, 50, 100] as const;

/** It is being started or stopped, or nobody listens. */
const passing: ReadonlySet<string | undefined> = new Set([
  outOfConnections,
  '57P01',
  '57P02',
  '57P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
]);

/** Milliseconds. */
export interface PoolPatience {
  /** For a server that refuses connections, all attempts together. */
  readonly connecting: number;
  /** For a connection of the pool that others use. */
  readonly queueing: number;
}

/**
 * Makes pools that bridge what passes: while a server restarts, or has no free connection, a caller
 * waits for a connection. Whoever waits in vain for a server that is away closes the gate for all.
 *
 * Accident: a crowd that shares few connections is taken for a server that is away. While the server
 * answers, whoever waits for a connection that others use waits for longer.
 */
export function patientPool(gate: DatabaseGate, patience: PoolPatience): typeof pg.Pool {
  type Callback = (
    error: Error | undefined,
    client: pg.PoolClient | undefined,
    release: (error?: Error | boolean) => void,
  ) => void;

  class PatientPool extends pg.Pool {
    override connect(): Promise<pg.PoolClient>;
    override connect(callback: Callback): void;
    override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
      const connecting = connectPatiently(gate, patience, () => super.connect());
      if (!callback) return connecting;
      connecting.then(
        (client) => callback(undefined, client, client.release),
        (error: Error) => callback(error, undefined, () => {}),
      );
      return undefined;
    }

    override end(): Promise<void>;
    override end(callback: () => void): void;
    override end(callback?: () => void): Promise<void> | undefined {
      gate.stop();
      if (!callback) return super.end();
      super.end(callback);
      return undefined;
    }
  }
  return PatientPool;
}

async function connectPatiently(
  gate: DatabaseGate,
  patience: PoolPatience,
  connect: () => Promise<pg.PoolClient>,
): Promise<pg.PoolClient> {
  const deadline = Date.now() + patience.connecting;
  let reason: unknown;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const left = attempt === 0 ? patience.queueing : deadline - Date.now();
      return await connectOnce(gate, connect, left);
    } catch (error) {
      reason = error instanceof Late ? (reason ?? error) : error;
      const delay = delays[Math.min(attempt, delays.length - 1)] ?? 0;
      const isPassing = passing.has(databaseErrorCode(error));
      if (!isPassing || !gate.isOpen() || Date.now() + delay >= deadline) break;
      await sleep(delay);
    }
  }
  if (isAway(reason) && databaseErrorCode(reason) !== outOfConnections) gate.close();
  throw reason;
}

/** All patience went into waiting: the server is slow, or every connection of the pool is in use. */
class Late extends Error {
  constructor() {
    super('timeout: no connection in time');
  }
}

async function connectOnce(
  gate: DatabaseGate,
  connect: () => Promise<pg.PoolClient>,
  patience: number,
): Promise<pg.PoolClient> {
  gate.assertOpen();
  const connecting = connect();
  // An AbortController cost a sixth of a rotation.
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Late()), patience);
  });
  try {
    return await gate.whileOpen(Promise.race([connecting, late]));
  } catch (error) {
    // Whom nobody waits for any more goes back.
    connecting.then(
      (client) => client.release(),
      () => {},
    );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function isAway(error: unknown): boolean {
  if (error instanceof DatabaseSilent || passing.has(databaseErrorCode(error))) return true;
  return error instanceof Error && /connection timeout|timeout expired/.test(error.message);
}
