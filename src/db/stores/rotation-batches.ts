import DataLoader from 'dataloader';
import { ServiceUnavailable } from '../../core/domain-error.ts';
import type { CurrentSession, Rotation, SessionStore } from '../../sessions/session-store.ts';
import type { RunForEach } from '../for-each.ts';
import { rotateFree } from './refresh-statements.ts';
import { rotateAll } from './session-store.ts';

const largestBatch = 64;
/** While these are under way, what else is asked for collects in the next. */
const batchesAtOnce = 2;
/** Milliseconds that a rotation waits for its turn, as for a connection of the pool. */
const patience = 2_000;

interface Asked {
  readonly rotation: Rotation;
  readonly since: number;
}

/**
 * What is asked to be rotated at one moment goes into one statement and one commit. Of one session
 * the first goes; for the others nothing is done, as for whoever loses a race.
 *
 * Accident: a slow database, behind which the waiting line grows without end. Each of its rotations
 * is made for the moment at which it was asked for: told late, a tab beside it would be past the grace
 * window. So whoever has waited in vain is refused, and may ask again.
 *
 * @param runForEach on the pool
 * @param elapsed milliseconds, of a clock that nobody sets
 */
export function createRotationBatches(
  runForEach: RunForEach,
  elapsed: () => number,
): SessionStore['rotate'] {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const batches = new DataLoader<Asked, CurrentSession | undefined>(
    async (asked) => {
      underWay += 1;
      try {
        const earliest = elapsed() - patience;
        const inTime = asked.filter(({ since }) => since >= earliest);
        const done = await rotateEach(runForEach, inTime);
        return asked.map((each) => (each.since < earliest ? tooLate() : done.get(each.rotation)));
      } finally {
        underWay -= 1;
        waiting.shift()?.();
      }
    },
    {
      cache: false,
      maxBatchSize: largestBatch,
      batchScheduleFn: (send) =>
        setImmediate(() => {
          if (underWay < batchesAtOnce) send();
          else waiting.push(send);
        }),
    },
  );
  return (rotation) => batches.load({ rotation, since: elapsed() });
}

async function rotateEach(
  runForEach: RunForEach,
  asked: readonly Asked[],
): Promise<ReadonlyMap<Rotation, CurrentSession | undefined>> {
  const first = new Map<string, Rotation>();
  for (const { rotation } of asked) {
    if (!first.has(rotation.sessionId)) first.set(rotation.sessionId, rotation);
  }
  if (first.size === 0) return new Map();
  const done = await rotateAll(runForEach, rotateFree, [...first.values()]);
  return new Map([...first.values()].map((each) => [each, done.get(each.sessionId)]));
}

function tooLate(): ServiceUnavailable {
  return new ServiceUnavailable('DATABASE', { detail: 'refreshes queue' });
}
