import { queueOptionsSymbol, type TaskQueue } from 'piscina';

type QueuedTask = Parameters<TaskQueue['push']>[0];

/** Marks a task as one of a network, for the queue. */
export function taskOf<Task extends object>(network: string, task: Task): Task {
  return { ...task, [queueOptionsSymbol]: { network } };
}

/**
 * A queue in which networks take turns.
 *
 * Attack: one address that fills the queue with log-ins of its own. In the order of their arrival,
 * everybody else would wait behind all of them, longer than anybody waits. Here they wait for one of
 * them at most.
 */
export class FairQueue implements TaskQueue {
  #lines = new Map<string, QueuedTask[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(task: QueuedTask): void {
    const network = networkOf(task);
    const line = this.#lines.get(network);
    if (line) line.push(task);
    else this.#lines.set(network, [task]);
    this.#size += 1;
  }

  /** The first of the network whose turn it is; that network is the last one then. */
  shift(): QueuedTask | null {
    for (const [network, line] of this.#lines) {
      this.#lines.delete(network);
      const task = line.shift();
      if (line.length > 0) this.#lines.set(network, line);
      this.#size -= 1;
      return task ?? null;
    }
    return null;
  }

  /** Gives back what was shifted last, for which there was no thread yet. */
  unshift(task: QueuedTask): void {
    const network = networkOf(task);
    const line = this.#lines.get(network) ?? [];
    this.#lines.delete(network);
    this.#lines = new Map([[network, [task, ...line]], ...this.#lines]);
    this.#size += 1;
  }

  remove(task: QueuedTask): void {
    const network = networkOf(task);
    const line = this.#lines.get(network) ?? [];
    const index = line.indexOf(task);
    if (index === -1) return;
    line.splice(index, 1);
    if (line.length === 0) this.#lines.delete(network);
    this.#size -= 1;
  }
}

function networkOf(task: QueuedTask): string {
  const options = task[queueOptionsSymbol];
  return options && 'network' in options ? String(options.network) : '';
}
