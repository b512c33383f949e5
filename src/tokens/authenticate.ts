import type { AccessTokens } from './access-token.ts';
import type { VerifiedClaims } from './access-token-claims.ts';
import type { AccessRefusalReason } from './errors.ts';

/** Who is asking, before any query. A refused token is not an anonymous caller: it stays told apart. */
export type Authentication =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'authenticated'; readonly claims: VerifiedClaims }
  | {
      readonly kind: 'refused';
      readonly reason: Exclude<AccessRefusalReason, 'TOKEN_MISSING'>;
      readonly detail: string;
    };

/** Reads an Authorization header. Never throws, and costs no query. */
export type Authenticate = (authorization: string | undefined) => Authentication;

const bearer = /^Bearer +(\S+)$/i;

/** The Bearer scheme of RFC 6750 section 2.1; scheme names know no case (RFC 9110 section 11.1). */
export function createAuthenticate(accessTokens: Pick<AccessTokens, 'verify'>): Authenticate {
  return (authorization) => {
    if (authorization === undefined) return { kind: 'anonymous' };
    const token = bearer.exec(authorization)?.[1];
    if (token === undefined) {
      return { kind: 'refused', reason: 'TOKEN_MALFORMED', detail: 'no Bearer credentials' };
    }
    const verdict = accessTokens.verify(token);
    return verdict.kind === 'verified'
      ? { kind: 'authenticated', claims: verdict.claims }
      : verdict;
  };
}
