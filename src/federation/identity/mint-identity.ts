import type { ShownAssurance } from '../../core/assurance.ts';
import { type Clock, epochSeconds } from '../../core/clock.ts';
import type { NewId } from '../../core/random.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import {
  bodyDigest,
  type IdentityClaims,
  type IdentityOperation,
  identityTokenType,
  longestIdentity,
} from '../../subgraph/identity-token.ts';
import { createSignJws } from '../../tokens/sign-jws.ts';

/** Whom the gateway vouches for. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | (ShownAssurance & {
      readonly kind: 'user';
      readonly userId: string;
      readonly sessionId: string;
      readonly scopes: readonly string[];
      readonly roles: readonly string[];
      /** Who acts in the user's name. */
      readonly actorId?: string;
    });

/** What a subgraph may learn of a user, besides the account's id and who acts for it. */
export const identityClaimNames = ['sid', 'scope', 'roles', 'acr', 'amr', 'auth_time'] as const;
export type IdentityClaimName = (typeof identityClaimNames)[number];

export interface IdentityRecipient {
  /** `aud`: the subgraph's name, or what its configuration says instead. */
  readonly audience: string;
  readonly claims: readonly IdentityClaimName[];
}

export interface ForwardedRequest {
  /** The client's request. */
  readonly requestId: string;
  readonly operation: IdentityOperation;
  /** The exact body as it will be sent. */
  readonly body: string;
}

/** Makes the token of one request to one subgraph. */
export type MintIdentity = (
  caller: Caller,
  recipient: IdentityRecipient,
  request: ForwardedRequest,
) => string;

export interface MintIdentityOptions {
  readonly keyRing: Pick<KeyRing, 'signingKey'>;
  readonly issuer: string;
  readonly now: Clock;
  readonly newId: NewId;
}

/**
 * Attack: whoever reaches a subgraph past the gateway sets `x-user-id` and is an administrator; a
 * subgraph that is given the user's access token acts as the user everywhere; one that shares a
 * secret forges for the others. This token is signed with a key that signs nothing else, is good for
 * one subgraph and one body, and ends after a minute.
 */
export function createMintIdentity(options: MintIdentityOptions): MintIdentity {
  // Unique is all that a `jti` has to be: whoever could guess it still can't sign. A random one for
  // each costs a sixth of the token.
  const series = options.newId();
  const signJws = createSignJws(identityTokenType);
  let count = 0;
  return (caller, recipient, request) => {
    const issuedAt = epochSeconds(options.now());
    count += 1;
    const claims: IdentityClaims = {
      iss: options.issuer,
      aud: recipient.audience,
      ...describe(caller, recipient.claims),
      txn: request.requestId,
      iat: issuedAt,
      exp: issuedAt + longestIdentity,
      jti: `${series}.${count}`,
      op: request.operation,
      body_sha256: bodyDigest(request.body),
    };
    return signJws(claims, options.keyRing.signingKey('identity'));
  };
}

type CallerClaims = Pick<
  IdentityClaims,
  'sub' | 'anonymous' | 'sid' | 'scope' | 'roles' | 'acr' | 'amr' | 'auth_time' | 'act'
>;

function describe(caller: Caller, allowed: readonly IdentityClaimName[]): CallerClaims {
  if (caller.kind === 'anonymous') return { anonymous: true };
  return {
    sub: caller.userId,
    ...(allowed.includes('sid') ? { sid: caller.sessionId } : {}),
    ...(allowed.includes('scope') ? { scope: caller.scopes.join(' ') } : {}),
    ...(allowed.includes('roles') ? { roles: caller.roles } : {}),
    ...(allowed.includes('acr') ? { acr: caller.acr } : {}),
    ...(allowed.includes('amr') ? { amr: caller.amr } : {}),
    ...(allowed.includes('auth_time') ? { auth_time: caller.authTime } : {}),
    ...(caller.actorId === undefined ? {} : { act: { sub: caller.actorId } }),
  };
}
