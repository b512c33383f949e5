import type { Clock } from './clock.ts';
import { ServiceUnavailable } from './domain-error.ts';

/** Runs work that shares a key one after the other, in the order of the calls. */
export type InTurn = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * Where one fails, or its turn comes too late, those who wait behind it fail with it: they would wait
 * for the same thing in vain.
 *
 * @param patience milliseconds that one waits for its turn
 */
export function createTurns(now: Clock, patience: number): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const since = now().getTime();
    const turn = (last.get(key) ?? Promise.resolve()).then(() => {
      if (now().getTime() - since > patience) throw new ServiceUnavailable('BUSY');
      return work();
    });
    last.set(key, turn);
    const leave = () => {
      if (last.get(key) === turn) last.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  };
}
