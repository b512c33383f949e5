import { setPriority } from 'node:os';

/** A task with the moment (epoch milliseconds) after which nobody waits for its answer. */
export interface DatedTask<Task> {
  readonly task: Task;
  readonly deadline: number;
}

export interface DatedAnswer<Answer> {
  /** Undefined when the deadline was over before its turn came. */
  readonly answer: Answer | undefined;
  /** The moment (epoch milliseconds) at which the task's turn came. */
  readonly startedAt: number;
}

/**
 * What a worker thread exports: it runs one task. Past its deadline it costs nothing, so a backlog
 * clears at once.
 */
export function runInTime<Task, Answer>(work: (task: Task) => Answer | Promise<Answer>) {
  return async ({ task, deadline }: DatedTask<Task>): Promise<DatedAnswer<Answer>> => {
    const startedAt = Date.now();
    return { answer: startedAt > deadline ? undefined : await work(task), startedAt };
  };
}

const niceness = 10;

/**
 * Attack: a log-in storm that starves every other request. On Linux a thread may lower its own
 * priority (0 is the calling thread), so hashing only ever takes what the event loop leaves.
 */
export function giveWay(): void {
  try {
    setPriority(0, niceness);
  } catch {
    // A platform that refuses it still works, at normal priority.
  }
}
