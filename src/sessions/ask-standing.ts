import type { NotableSession } from './notable-session.ts';
import { type AccessStanding, standingIn } from './revocation-set.ts';

export type AskStanding = (sessionId: string, generation: number) => Promise<AccessStanding>;

/**
 * Asks the database for the standing of access tokens, many at once in one query: it is asked when
 * things go badly, and must not make them worse. A session that is gone counts as revoked.
 */
export function createAskStanding(
  findNotable: (ids: readonly string[]) => Promise<readonly NotableSession[]>,
): AskStanding {
  let waiting: Batch | undefined;
  let running: Promise<unknown> = Promise.resolve();

  const open = (): Batch => {
    const ids = new Set<string>();
    // A batch collects for as long as the one before it runs.
    const found = running.then(() => {
      waiting = undefined;
      return findNotable([...ids]);
    });
    running = found.catch(() => {});
    return { ids, found };
  };

  return async (sessionId, generation) => {
    waiting ??= open();
    waiting.ids.add(sessionId);
    const session = (await waiting.found).find((each) => each.sessionId === sessionId);
    return session ? standingIn(session, generation) : 'revoked';
  };
}

interface Batch {
  readonly ids: Set<string>;
  readonly found: Promise<readonly NotableSession[]>;
}
