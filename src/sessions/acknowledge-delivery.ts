import type { ShownClaims } from './ask-standing.ts';
import type { SeenGeneration, SessionStore } from './session-store.ts';

/** Notes which generations have arrived, off the path of the requests that show it. */
export interface DeliveryAcknowledgements {
  /** An access token of this generation was seen. Costs a look into memory; written later, in a batch. */
  readonly seen: (claims: ShownClaims) => void;
  /** Writes what is waiting. Failing loses nothing: the next request of the session shows it again. */
  readonly flush: () => Promise<void>;
}

export interface AcknowledgeDeliveryOptions {
  readonly sessions: Pick<SessionStore, 'acknowledge'>;
  /** Asks for a flush soon. */
  readonly schedule: (flush: () => void) => void;
  readonly onError: (error: unknown) => void;
}

const remembered = 100_000;
const largestBatch = 1_000;

/**
 * A rotation whose successor was seen in use can't be a lost response any more. Each generation is
 * written once: what was written, or is about to be, is remembered in two generations of a bounded
 * map.
 */
export function createDeliveryAcknowledgements(
  options: AcknowledgeDeliveryOptions,
): DeliveryAcknowledgements {
  let fresh = new Map<string, number>();
  let stale = new Map<string, number>();
  const waiting = new Map<string, SeenGeneration>();
  let scheduled = false;

  const flush = async () => {
    scheduled = false;
    const batch = [...waiting.values()].slice(0, largestBatch);
    for (const { sessionId } of batch) waiting.delete(sessionId);
    if (waiting.size > 0) schedule();
    if (batch.length === 0) return;
    try {
      await options.sessions.acknowledge(batch);
    } catch (error) {
      for (const { sessionId } of batch) {
        fresh.delete(sessionId);
        stale.delete(sessionId);
      }
      options.onError(error);
    }
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    options.schedule(() => void flush());
  };

  return {
    seen({ sub: userId, sid: sessionId, gen: generation }) {
      const known = fresh.get(sessionId) ?? stale.get(sessionId) ?? 0;
      if (known >= generation) return;
      if (fresh.size >= remembered) {
        stale = fresh;
        fresh = new Map();
      }
      fresh.set(sessionId, generation);
      waiting.set(sessionId, { userId, sessionId, generation });
      schedule();
    },
    async flush() {
      while (waiting.size > 0) await flush();
    },
  };
}
