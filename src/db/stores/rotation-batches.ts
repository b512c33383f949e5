import DataLoader from 'dataloader';
import type { CurrentSession, Rotation, SessionStore } from '../../sessions/session-store.ts';
import type { RunStatement } from '../statement.ts';
import { rotateSessions } from './session-statements.ts';
import { rotateAll } from './session-store.ts';

const largestBatch = 64;
/** While these are under way, what else is asked for collects in the next. */
const batchesAtOnce = 2;

/**
 * What is asked to be rotated at one moment goes into one statement and one commit. Of one session
 * the first goes; for the others nothing is done, as for whoever loses a race.
 *
 * @param run on the pool
 */
export function createRotationBatches(run: RunStatement): SessionStore['rotate'] {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const batches = new DataLoader<Rotation, CurrentSession | undefined>(
    async (rotations) => {
      underWay += 1;
      try {
        return await rotateEach(run, rotations);
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
  return (rotation) => batches.load(rotation);
}

async function rotateEach(
  run: RunStatement,
  rotations: readonly Rotation[],
): Promise<readonly (CurrentSession | undefined)[]> {
  const first = new Map<string, Rotation>();
  for (const rotation of rotations) {
    if (!first.has(rotation.sessionId)) first.set(rotation.sessionId, rotation);
  }
  const done = await rotateAll(run, rotateSessions, [...first.values()]);
  return rotations.map((rotation) =>
    first.get(rotation.sessionId) === rotation ? done.get(rotation.sessionId) : undefined,
  );
}
