import type { Clock } from '../core/clock.ts';
import { epochSeconds } from '../core/clock.ts';
import type { AccessTokens, AccessTokenVerdict } from './access-token.ts';

export interface VerifiedTokenCache {
  /** As `verify`, and remembers what was verified. */
  readonly verify: (token: string) => AccessTokenVerdict;
  /** Forgets everything: a key was added or withdrawn. */
  readonly clear: () => void;
}

const remembered = 10_000;

/**
 * Remembers tokens whose signature was checked, by their exact text: a check costs ten times what
 * the rest of a small request does. Only good verdicts are kept, in two generations of a bounded map,
 * so that garbage fills nothing; the end of a token is asked on every hit, its revocation elsewhere.
 */
export function createVerifiedTokenCache(
  { verify }: Pick<AccessTokens, 'verify'>,
  now: Clock,
  onLookup?: (isKnown: boolean) => void,
): VerifiedTokenCache {
  let fresh = new Map<string, AccessTokenVerdict & { kind: 'verified' }>();
  let stale = new Map<string, AccessTokenVerdict & { kind: 'verified' }>();

  const keep = (token: string, verdict: AccessTokenVerdict & { kind: 'verified' }) => {
    if (fresh.size >= remembered) {
      stale = fresh;
      fresh = new Map();
    }
    fresh.set(token, verdict);
  };

  return {
    verify(token) {
      const known = fresh.get(token) ?? stale.get(token);
      const isKnown = known !== undefined && known.claims.exp > epochSeconds(now());
      onLookup?.(isKnown);
      if (isKnown) {
        if (!fresh.has(token)) keep(token, known);
        return known;
      }
      const verdict = verify(token);
      if (verdict.kind === 'verified') keep(token, verdict);
      return verdict;
    },
    clear() {
      fresh = new Map();
      stale = new Map();
    },
  };
}
