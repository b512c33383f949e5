import type { VerifiedClaims } from '../tokens/access-token-claims.ts';
import type { NotableSession } from './notable-session.ts';
import { type AccessStanding, standingIn } from './revocation-set.ts';
import type { SessionKey } from './session.ts';

/** What an access token says of its session. */
export type ShownClaims = Pick<VerifiedClaims, 'sub' | 'sid' | 'gen'>;

export type AskStanding = (claims: ShownClaims) => Promise<AccessStanding>;

/**
 * Asks the database for the standing of access tokens, many at once in one query: it is asked when
 * things go badly, and must not make them worse. A session that is gone counts as revoked.
 */
export function createAskStanding(
  findNotable: (keys: readonly SessionKey[]) => Promise<readonly NotableSession[]>,
): AskStanding {
  let waiting: Batch | undefined;
  let running: Promise<unknown> = Promise.resolve();

  const open = (): Batch => {
    const keys = new Map<string, SessionKey>();
    // A batch collects for as long as the one before it runs.
    const found = running.then(() => {
      waiting = undefined;
      return findNotable([...keys.values()]);
    });
    running = found.catch(() => {});
    return { keys, found };
  };

  return async ({ sub: userId, sid: sessionId, gen }) => {
    waiting ??= open();
    waiting.keys.set(sessionId, { userId, sessionId });
    const session = (await waiting.found).find((each) => each.sessionId === sessionId);
    return session ? standingIn(session, gen) : 'revoked';
  };
}

interface Batch {
  readonly keys: Map<string, SessionKey>;
  readonly found: Promise<readonly NotableSession[]>;
}
