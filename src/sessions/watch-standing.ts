import { type Clock, epochSeconds } from '../core/clock.ts';
import { unreachable } from '../core/unreachable.ts';
import type { VerifiedClaims } from '../tokens/access-token-claims.ts';
import type { AuthenticateOptions } from './authenticate.ts';
import type { AccessStanding } from './revocation-set.ts';

/** What has become of a token that was good when a connection was opened with it. */
export type Standing = 'good' | 'expired' | 'revoked' | 'unknown';

/** Asks again. A promise only while this process is blind. */
export type WatchStanding = (
  claims: Pick<VerifiedClaims, 'sub' | 'sid' | 'gen' | 'exp'>,
) => Standing | Promise<Standing>;

export type WatchStandingOptions = { readonly now: Clock } & Pick<
  AuthenticateOptions,
  'revocations' | 'isListening' | 'askStanding'
>;

/**
 * Attack: a connection that outlives the token that opened it. What a request is asked each time, an
 * open connection is asked again and again, with the same answers; when nobody can tell, it is not
 * taken on trust.
 */
export function createWatchStanding(options: WatchStandingOptions): WatchStanding {
  return (claims) => {
    const { sid, gen, exp } = claims;
    if (exp <= epochSeconds(options.now())) return 'expired';
    const known = options.revocations.standingOf(sid, gen);
    if (known !== 'good' || options.isListening()) return toStanding(known);
    return options.askStanding(claims).then(toStanding, () => 'unknown' as const);
  };
}

function toStanding(standing: AccessStanding): Standing {
  switch (standing) {
    case 'good':
      return 'good';
    case 'outdated':
      return 'expired';
    case 'revoked':
    case 'replaced':
      return 'revoked';
    default:
      return unreachable(standing);
  }
}
