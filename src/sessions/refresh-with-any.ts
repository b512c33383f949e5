import type { Client } from '../core/client.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import { useFirstGood } from './newest-of-each.ts';
import type { RefreshSession } from './refresh-session.ts';
import type { SignedIn } from './signed-in.ts';

/** Refreshes with whichever of several cookies is good. @throws as RefreshSession */
export type RefreshWithAny = (presented: readonly string[], client: Client) => Promise<SignedIn>;

export function createRefreshWithAny(
  refreshSession: RefreshSession,
  refreshTokens: Pick<RefreshTokens, 'read'>,
): RefreshWithAny {
  return (presented, client) =>
    useFirstGood(presented, refreshTokens, (token) => refreshSession(token, client));
}
