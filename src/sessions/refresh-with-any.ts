import type { Client } from '../core/client.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import { RefreshRefused } from './errors.ts';
import { newestOfEach } from './newest-of-each.ts';
import type { RefreshSession } from './refresh-session.ts';
import type { SignedIn } from './signed-in.ts';

/**
 * Refreshes with whichever of several tokens is good. A browser sends all cookies of one name; which of
 * them is ours, only we can tell.
 *
 * @throws as RefreshSession; of several refusals that of the newest session
 */
export type RefreshWithAny = (presented: readonly string[], client: Client) => Promise<SignedIn>;

export function createRefreshWithAny(
  refreshSession: RefreshSession,
  refreshTokens: Pick<RefreshTokens, 'read'>,
): RefreshWithAny {
  return async (presented, client) => {
    const [first, ...others] = newestOfEach(presented, refreshTokens);
    if (first === undefined) throw new RefreshRefused('TOKEN_MISSING');
    try {
      return await refreshSession(first, client);
    } catch (error) {
      if (!(error instanceof RefreshRefused)) throw error;
      for (const other of others) {
        const found = await refreshSession(other, client).catch(unlessRefused);
        if (found) return found;
      }
      throw error;
    }
  };
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof RefreshRefused)) throw error;
}
