import type { AssuranceLevel, AuthenticationMethod } from '../core/assurance.ts';

/** What an access token says (RFC 9068 section 2.2). It holds no e-mail and no name. Times in seconds. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string;
  /** The account. */
  readonly sub: string;
  /** The session. */
  readonly sid: string;
  /** The generation of the refresh token that it was issued with. */
  readonly gen: number;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  /** When the person last proved who they are: the log-in or a step-up, not the refresh. */
  readonly auth_time: number;
  /** How strongly, and how (RFC 9068 section 2.2.1). A token from before there were levels has neither. */
  readonly acr?: AssuranceLevel;
  readonly amr?: readonly AuthenticationMethod[];
  readonly client_id: string;
  /** Space-separated, as RFC 8693 section 4.2 has it. */
  readonly scope: string;
  readonly roles: readonly string[];
  /** Who acts in the account's place (RFC 8693 section 4.1): an administrator. */
  readonly act?: { readonly sub: string };
}

/** Claims whose signature, purpose and times were checked. Only `verifyAccessToken` makes them. */
export interface VerifiedClaims extends AccessTokenClaims {
  readonly [verified]: true;
}

declare const verified: unique symbol;
