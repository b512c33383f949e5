import { byNothing } from '../core/assurance.ts';
import type { DomainError } from '../core/domain-error.ts';
import { unreachable } from '../core/unreachable.ts';
import type { VerifiedClaims } from '../tokens/access-token-claims.ts';
import type { AccessRefusalReason } from '../tokens/errors.ts';
import type { VerifiedTokenCache } from '../tokens/verified-token-cache.ts';
import type { AskStanding, ShownClaims } from './ask-standing.ts';
import { readBearer } from './read-bearer.ts';
import type { AccessStanding, RevocationSet } from './revocation-set.ts';

/** Who is asking. A refused token is not an anonymous caller: it stays told apart. */
export type Authentication =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'authenticated'; readonly claims: VerifiedClaims }
  | {
      readonly kind: 'refused';
      readonly reason: Exclude<AccessRefusalReason, 'TOKEN_MISSING'>;
      readonly detail: string;
      /** What the caller is told, where there is more to say than the reason does. */
      readonly message?: string;
      /** Of a guest, where a refresh tells what is true now. */
      readonly isGuests?: boolean;
      /** Of whoever has to add a second factor first: good for that alone. */
      readonly enrolling?: VerifiedClaims;
    }
  /** Nobody could tell whether the token was revoked. */
  | { readonly kind: 'unavailable'; readonly error: DomainError };

/** Reads an Authorization header. Never throws; a promise only while this process is blind. */
export type Authenticate = (
  authorization: string | undefined,
) => Authentication | Promise<Authentication>;

export interface AuthenticateOptions {
  readonly accessTokens: Pick<VerifiedTokenCache, 'verify' | 'recall'>;
  readonly revocations: Pick<RevocationSet, 'standingOf'>;
  /** Whether this process hears of revocations at once. */
  readonly isListening: () => boolean;
  /** Asks the database instead, while it does not. @throws DomainError when it can't answer */
  readonly askStanding: AskStanding;
  /** Told of each good token: its generation has provably arrived. */
  readonly onSeen: (claims: ShownClaims) => void;
  /** Told of a token that only a second holder of the session can have. */
  readonly onReplacedSeen: (claims: ShownClaims) => void;
}

type GoodVerdict = Exclude<ReturnType<VerifiedTokenCache['verify']>, { readonly kind: 'refused' }>;

/**
 * Attack: a revoked session's access token, used until it ends. While this process hears of
 * revocations, its memory answers; while it does not, the database does; when neither can, the token
 * is refused as unavailable, never taken on trust.
 */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  return (authorization) => {
    const recalled = authorization && options.accessTokens.recall(authorization);
    if (recalled) return judge(recalled);
    const reading = readBearer(authorization);
    if (reading.kind === 'none') return { kind: 'anonymous' };
    if (reading.kind === 'malformed') {
      const { detail, message } = reading;
      return { kind: 'refused', reason: 'TOKEN_MALFORMED', detail, message };
    }
    const verdict = options.accessTokens.verify(reading.token);
    return verdict.kind === 'refused' ? verdict : judge(verdict);
  };

  function judge({ claims, kind }: GoodVerdict): Authentication | Promise<Authentication> {
    const known = options.revocations.standingOf(claims.sid, claims.gen);
    if (known !== 'good' || options.isListening()) return conclude(claims, known, kind);
    return options.askStanding(claims).then(
      (standing) => conclude(claims, standing, kind),
      (error: DomainError) => ({ kind: 'unavailable', error }),
    );
  }

  function conclude(
    claims: VerifiedClaims,
    standing: AccessStanding,
    kind: 'verified' | 'enrolling',
  ): Authentication {
    switch (standing) {
      case 'good':
        options.onSeen(claims);
        if (kind === 'verified') return { kind: 'authenticated', claims };
        return {
          kind: 'refused',
          reason: 'ENROLMENT_REQUIRED',
          detail: 'no second factor',
          enrolling: claims,
        };
      case 'outdated':
        return {
          kind: 'refused',
          reason: 'TOKEN_EXPIRED',
          detail: 'outdated roles',
          ...(claims.acr === byNothing.acr ? { isGuests: true } : {}),
        };
      case 'revoked':
        return { kind: 'refused', reason: 'SESSION_REVOKED', detail: 'revoked' };
      case 'replaced':
        options.onReplacedSeen(claims);
        return { kind: 'refused', reason: 'SESSION_REVOKED', detail: 'replaced generation' };
      default:
        return unreachable(standing);
    }
  }
}
