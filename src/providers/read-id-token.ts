import { createRemoteJWKSet, customFetch, type JWTPayload, jwtVerify } from 'jose';
import { ProviderRefused } from './errors.ts';
import type { ProviderFetch } from './provider-fetch.ts';

export interface ReadIdTokenOptions {
  readonly jwksUri: string;
  /** What `iss` has to be; a function of the claims where each tenant has its own. */
  readonly issuerOf: (claims: JWTPayload) => string;
  readonly fetch: ProviderFetch;
}

/** What an ID token is for: by whom it may be meant, and the `nonce` that it has to carry. */
export interface IdTokenExpectation {
  readonly clientIds: readonly string[];
  readonly nonce: string;
  readonly now: Date;
}

export interface IdTokenClaims extends JWTPayload {
  readonly iss: string;
  readonly sub: string;
  /** Until when it is taken: `exp`, and the time by which the provider's clock may differ. */
  readonly takenUntil: Date;
}

/** Reads an ID token (OpenID Connect Core section 3.1.3.7). @throws ProviderRefused, ProviderUnavailable */
export type ReadIdToken = (idToken: string, expected: IdTokenExpectation) => Promise<IdTokenClaims>;

/** By a key that only the provider has: neither `none`, nor a secret that a client of ours may hold as well. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Seconds by which a provider's clock may differ. */
const clockTolerance = 30;
const largestToken = 16_384;

/**
 * Attacks: a token without a signature, or signed with the client's secret; one that was made for another
 * application, by another issuer, or for another sign-in (`aud`, `azp`, `iss`, `nonce`); an old one; and
 * one of another tenant of Entra, under the key of a third (each of its keys names whose tokens it signs).
 */
export function createReadIdToken({ jwksUri, issuerOf, fetch }: ReadIdTokenOptions): ReadIdToken {
  const keys = createRemoteJWKSet(new URL(jwksUri), { [customFetch]: fetch });

  return async (idToken, { clientIds, nonce, now }) => {
    if (idToken.length > largestToken) throw new ProviderRefused('the ID token is too large');
    const { payload, protectedHeader } = await jwtVerify(idToken, keys, {
      algorithms,
      audience: [...clientIds],
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce'],
      clockTolerance,
      currentDate: now,
    });
    const { iss, sub, exp, iat, azp } = payload;
    if (typeof iss !== 'string' || iss !== issuerOf(payload)) throw new ProviderRefused('iss');
    if (!isSubject(sub)) throw new ProviderRefused('sub');
    if (exp === undefined || iat === undefined) throw new ProviderRefused('exp or iat');
    if (iat > now.getTime() / 1_000 + clockTolerance) throw new ProviderRefused('iat');
    if (payload.nonce !== nonce) throw new ProviderRefused('nonce');
    const isMeantForUs = azp === undefined || clientIds.some((ours) => ours === azp);
    const hasOthers = Array.isArray(payload.aud) && payload.aud.length > 1;
    if (!isMeantForUs || (hasOthers && azp === undefined)) throw new ProviderRefused('azp');
    const key = keys.jwks()?.keys.find(({ kid }) => kid === protectedHeader.kid);
    if (!isKeyOf(key, payload)) throw new ProviderRefused('the key of another tenant');
    // A mark that it was used has to last as long, or it could be used once more.
    const takenUntil = new Date((Math.ceil(exp) + clockTolerance) * 1_000);
    return { ...payload, iss, sub, takenUntil };
  };
}

/** Entra's keys say in `issuer` whose tokens they sign; `{tenantid}` stands for every tenant. */
function isKeyOf(key: object | undefined, { iss = '', tid }: JWTPayload): boolean {
  const issuer = key && 'issuer' in key ? key.issuer : undefined;
  if (typeof issuer !== 'string') return true;
  return issuer.replace('{tenantid}', String(tid)) === iss;
}

/** At most 255 characters of ASCII (OpenID Connect Core section 2), none of which is invisible. */
export function isSubject(sub: unknown): sub is string {
  return typeof sub === 'string' && /^[\x21-\x7E][\x20-\x7E]{0,254}$/.test(sub);
}
