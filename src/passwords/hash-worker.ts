import { setPriority } from 'node:os';
import { bcryptHash, bcryptMatches } from './bcrypt-scheme.ts';

// Attack: a log-in storm that starves every other request. On Linux a thread may lower its own
// priority (0 is the calling thread), so hashing only ever takes what the event loop leaves.
const niceness = 10;
try {
  setPriority(0, niceness);
} catch {
  // A platform that refuses it still hashes, at normal priority.
}

export type HashTask =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  | { readonly kind: 'verify'; readonly password: string; readonly passwordHash: string };

/** A task with the moment (epoch milliseconds) after which nobody waits for its answer. */
export interface DatedHashTask {
  readonly task: HashTask;
  readonly deadline: number;
}

export type HashAnswer =
  | { readonly kind: 'hashed'; readonly passwordHash: string }
  | { readonly kind: 'verified'; readonly matches: boolean }
  | { readonly kind: 'expired' };

/** Runs one task in a worker thread. Past its deadline it costs nothing, so a backlog clears at once. */
export function runHashTask({ task, deadline }: DatedHashTask): HashAnswer {
  if (Date.now() > deadline) return { kind: 'expired' };
  if (task.kind === 'hash') {
    return { kind: 'hashed', passwordHash: bcryptHash(task.password, task.cost) };
  }
  return { kind: 'verified', matches: bcryptMatches(task.password, task.passwordHash) };
}
