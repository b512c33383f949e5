import type { Clock } from '../core/clock.ts';
import { epochSeconds } from '../core/clock.ts';
import { RecentMap } from '../core/recent-map.ts';
import type { AccessTokens, AccessTokenVerdict } from './access-token.ts';

export interface VerifiedTokenCache {
  /** As `verify`, and remembers what was verified. */
  readonly verify: (token: string) => AccessTokenVerdict;
  /** What was verified of the token in this Authorization header, as it came; undefined for most others. */
  readonly recall: (authorization: string) => VerifiedToken | undefined;
  /** Forgets everything: a key was added or withdrawn. */
  readonly clear: () => void;
}

type VerifiedToken = AccessTokenVerdict & { readonly kind: 'verified' };

const remembered = { entries: 10_000, characters: 20_000_000 };

/**
 * Remembers tokens whose signature was checked, by their exact text: a check costs ten times what
 * the rest of a small request does. Only good verdicts are kept, so that garbage
 * fills nothing; the end of a token is asked on every hit, its revocation elsewhere.
 *
 * They are kept under the header that clients send them in, and found before that is read.
 *
 * Attack: one good token under thousands of spellings of its header, to empty the memory of everybody
 * else's. Whatever the header looked like, a token is kept once, under the one that clients write.
 */
export function createVerifiedTokenCache(
  { verify }: Pick<AccessTokens, 'verify'>,
  now: Clock,
  onLookup?: (isKnown: boolean) => void,
): VerifiedTokenCache {
  const cache = new RecentMap<VerifiedToken>(remembered);
  const recall = (authorization: string) => {
    const known = cache.get(authorization);
    if (known === undefined || known.claims.exp <= epochSeconds(now())) return undefined;
    onLookup?.(true);
    return known;
  };

  return {
    recall,
    verify(token) {
      const authorization = `Bearer ${token}`;
      const known = recall(authorization);
      if (known) return known;
      onLookup?.(false);
      const verdict = verify(token);
      if (verdict.kind === 'verified') cache.set(authorization, verdict);
      return verdict;
    },
    clear: () => cache.clear(),
  };
}
