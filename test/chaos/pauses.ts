import { readFileSync } from 'node:fs';

/**
 * Tells how long processes were ready to work and got no processor. What a busy machine takes from
 * them is no slowness of theirs.
 */
export interface Pauses {
  /** A moment to measure from. */
  readonly mark: () => PauseMark;
  /** Milliseconds since then that this process waited, and the one of the others that waited longest. */
  readonly since: (mark: PauseMark) => number;
}

/** Milliseconds that each process had waited, by its id. */
type PauseMark = ReadonlyMap<number, number>;

/** Milliseconds between two looks. */
const interval = 25;

export function watchPauses(others: () => readonly (number | undefined)[]): Pauses {
  let waited: PauseMark = new Map();
  const look = () => {
    const ids = [process.pid, ...others()].filter((id) => id !== undefined);
    waited = new Map(ids.map((id) => [id, waitedBy(id)]));
  };
  look();
  setInterval(look, interval).unref();

  return {
    mark: () => waited,
    since(mark) {
      look();
      const waits = [...waited].map(
        ([id, total]) => [id, total - (mark.get(id) ?? total)] as const,
      );
      const own = waits.find(([id]) => id === process.pid)?.[1] ?? 0;
      const longest = Math.max(
        0,
        ...waits.filter(([id]) => id !== process.pid).map(([, ms]) => ms),
      );
      return own + longest;
    },
  };
}

/** The second number of Linux's schedstat: nanoseconds that the main thread waited for a processor. */
function waitedBy(id: number): number {
  try {
    const [, nanoseconds] = readFileSync(`/proc/${id}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  } catch {
    return 0;
  }
}
