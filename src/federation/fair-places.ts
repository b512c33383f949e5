/** Asks for a place. @returns what gives it back. @throws the signal's reason when it comes too late */
export type TakePlace = (holder: string, signal: AbortSignal) => Promise<() => void>;

/**
 * Places for requests to one service, in a number that is bounded, shared out so that whoever comes new
 * finds one: nobody holds more of them than are free.
 *
 * Attack: one client whose operations are slow on purpose, by the hundred. Without a bound they hold
 * all the sockets that the process may have; with a bound and no shares, everybody else waits for them.
 */
export function createFairPlaces(places: number): TakePlace {
  const held = new Map<string, number>();
  /** Who waits, in the order in which they have their turn. */
  const lines = new Map<string, Set<() => void>>();
  let taken = 0;

  const mayTake = (holder: string) => (held.get(holder) ?? 0) < places - taken;

  function take(holder: string): () => void {
    let isHeld = true;
    taken += 1;
    held.set(holder, (held.get(holder) ?? 0) + 1);
    return () => {
      if (!isHeld) return;
      isHeld = false;
      taken -= 1;
      const rest = (held.get(holder) ?? 0) - 1;
      if (rest > 0) held.set(holder, rest);
      else held.delete(holder);
      admit();
    };
  }

  /** Lets in whoever may by now, one of each holder in turn. */
  function admit(): void {
    for (const [holder, line] of lines) {
      if (taken === places) return;
      if (!mayTake(holder)) continue;
      const [next] = line;
      // Whose turn it was is the last one then.
      lines.delete(holder);
      if (next) line.delete(next);
      if (line.size > 0) lines.set(holder, line);
      next?.();
    }
  }

  return async (holder, signal) => {
    signal.throwIfAborted();
    if (!lines.has(holder) && mayTake(holder)) return take(holder);
    return new Promise((resolve, reject) => {
      const line = lines.get(holder) ?? new Set();
      lines.set(holder, line);
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve(take(holder));
      };
      const leave = () => {
        line.delete(enter);
        if (line.size === 0 && lines.get(holder) === line) lines.delete(holder);
        reject(signal.reason);
      };
      line.add(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  };
}
