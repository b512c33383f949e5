import { setPriority } from 'node:os';
import { fillUp, hashPassword, type PasswordScheme, passwordMatches } from './password-scheme.ts';

// Attack: a log-in storm that starves every other request. On Linux a thread may lower its own
// priority (0 is the calling thread), so hashing only ever takes what the event loop leaves.
const niceness = 10;
try {
  setPriority(0, niceness);
} catch {
  // A platform that refuses it still hashes, at normal priority.
}

export type HashTask =
  | { readonly kind: 'hash'; readonly password: string; readonly scheme: PasswordScheme }
  | {
      readonly kind: 'verify';
      readonly password: string;
      readonly passwordHash: string;
      /** The scheme whose work a comparison that fails has cost in the end. */
      readonly scheme: PasswordScheme;
    };

/** A task with the moment (epoch milliseconds) after which nobody waits for its answer. */
export interface DatedHashTask {
  readonly task: HashTask;
  readonly deadline: number;
}

type HashAnswer =
  | { readonly kind: 'hashed'; readonly passwordHash: string }
  | { readonly kind: 'verified'; readonly matches: boolean }
  | { readonly kind: 'expired' };

export interface DatedHashAnswer {
  readonly answer: HashAnswer;
  /** The moment (epoch milliseconds) at which the task's turn came. */
  readonly startedAt: number;
}

/** Runs one task in a worker thread. Past its deadline it costs nothing, so a backlog clears at once. */
export async function runHashTask({ task, deadline }: DatedHashTask): Promise<DatedHashAnswer> {
  const startedAt = Date.now();
  const answer = startedAt > deadline ? ({ kind: 'expired' } as const) : await answerTo(task);
  return { answer, startedAt };
}

async function answerTo(task: HashTask): Promise<HashAnswer> {
  if (task.kind === 'hash') {
    return { kind: 'hashed', passwordHash: await hashPassword(task.password, task.scheme) };
  }
  const matches = await passwordMatches(task.password, task.passwordHash);
  if (!matches) await fillUp(task.password, task.passwordHash, task.scheme);
  return { kind: 'verified', matches };
}
