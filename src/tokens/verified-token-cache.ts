import type { Clock } from '../core/clock.ts';
import { epochSeconds } from '../core/clock.ts';
import { RecentMap } from '../core/recent-map.ts';
import type { AccessTokens, AccessTokenVerdict } from './access-token.ts';

export interface VerifiedTokenCache {
  /** As `verify`, and remembers what was verified. */
  readonly verify: (token: string) => AccessTokenVerdict;
  /** Forgets everything: a key was added or withdrawn. */
  readonly clear: () => void;
}

const remembered = { entries: 10_000, characters: 20_000_000 };

/**
 * Remembers tokens whose signature was checked, by their exact text: a check costs ten times what
 * the rest of a small request does. Only good verdicts are kept, so that garbage
 * fills nothing; the end of a token is asked on every hit, its revocation elsewhere.
 */
export function createVerifiedTokenCache(
  { verify }: Pick<AccessTokens, 'verify'>,
  now: Clock,
  onLookup?: (isKnown: boolean) => void,
): VerifiedTokenCache {
  const cache = new RecentMap<AccessTokenVerdict & { kind: 'verified' }>(remembered);

  return {
    verify(token) {
      const known = cache.get(token);
      const isKnown = known !== undefined && known.claims.exp > epochSeconds(now());
      onLookup?.(isKnown);
      if (isKnown) return known;
      const verdict = verify(token);
      if (verdict.kind === 'verified') cache.set(token, verdict);
      return verdict;
    },
    clear: () => cache.clear(),
  };
}
