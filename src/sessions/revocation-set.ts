import type { Clock } from '../core/clock.ts';
import { isInRange, mergeNotable, type NotableSession } from './notable-session.ts';

export type AccessStanding = 'good' | 'revoked' | 'outdated' | 'replaced';

/** What this process knows of sessions whose access tokens may still be in somebody's hands. */
export interface RevocationSet {
  readonly apply: (session: NotableSession) => void;
  /** Whether an access token of this session and generation is still good. Costs no query. */
  readonly standingOf: (sessionId: string, generation: number) => AccessStanding;
  readonly size: () => number;
}

/**
 * Attack: an access token of a session that was ended, used until it expires. It holds what was
 * revoked within one access token's lifetime (older tokens are dead anyway), so its size follows the
 * revocations, never the sessions.
 *
 * @param lifetime milliseconds that an access token may live, clock differences included
 * @param onRevoked told of each session once, when its end becomes known here
 */
export function createRevocationSet(
  now: Clock,
  lifetime: number,
  onRevoked: (session: NotableSession) => void = () => {},
): RevocationSet {
  // In the order in which they were last told, so that the oldest are found at the front.
  const entries = new Map<string, { readonly session: NotableSession; readonly until: number }>();

  return {
    apply(session) {
      const time = now().getTime();
      for (const [sessionId, { until }] of entries) {
        if (until > time) break;
        entries.delete(sessionId);
      }
      const known = entries.get(session.sessionId)?.session;
      if (session.revoked && !known?.revoked) onRevoked(session);
      entries.delete(session.sessionId);
      entries.set(session.sessionId, {
        session: known ? mergeNotable(known, session) : session,
        until: time + lifetime,
      });
    },

    standingOf(sessionId, generation) {
      const session = entries.get(sessionId)?.session;
      if (!session) return 'good';
      return standingIn(session, generation);
    },

    size: () => entries.size,
  };
}

/** The same question, asked of the session's own state. */
export function standingIn(session: NotableSession, generation: number): AccessStanding {
  if (session.revoked) return 'revoked';
  if (isInRange(generation, session.replaced)) return 'replaced';
  return generation <= session.outdatedGeneration ? 'outdated' : 'good';
}
