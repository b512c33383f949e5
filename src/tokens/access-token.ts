import {
  type Assurance,
  assuranceLevels,
  authenticationMethods,
  byNothing,
} from '../core/assurance.ts';
import type { Clock } from '../core/clock.ts';
import { epochSeconds } from '../core/clock.ts';
import { isId, type NewId } from '../core/random.ts';
import type { PrivateSigningKey, VerificationKey } from '../keys/signing-key.ts';
import type { AccessTokenClaims, VerifiedClaims } from './access-token-claims.ts';
import { readCompactJws, signatureHolds } from './compact-jws.ts';
import { createSignJws } from './sign-jws.ts';

export interface AccessTokenSubject extends Assurance {
  readonly userId: string;
  readonly sessionId: string;
  readonly generation: number;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** The administrator who acts in the account's place. */
  readonly actorId?: string;
  /** Milliseconds that it may live at most, where that is less than usual. */
  readonly longest?: number;
}

export interface IssuedAccessToken {
  readonly token: string;
  readonly expiresAt: Date;
  /** Seconds until it ends. */
  readonly expiresIn: number;
  /** It is good for nothing but to add a second factor. */
  readonly isForEnrolment: boolean;
}

export type AccessTokenVerdict =
  | { readonly kind: 'verified'; readonly claims: VerifiedClaims }
  /** Good for nothing but to add a second factor. */
  | { readonly kind: 'enrolling'; readonly claims: VerifiedClaims }
  | {
      readonly kind: 'refused';
      readonly reason: 'TOKEN_MALFORMED' | 'TOKEN_INVALID' | 'TOKEN_EXPIRED';
      readonly detail: string;
      /** Of one that was a guest's, and has ended. */
      readonly isGuests?: boolean;
    };

export interface AccessTokens {
  /** Signs an access token. */
  readonly issue: (subject: AccessTokenSubject) => IssuedAccessToken;
  /** Checks everything that the token itself can show. Costs no query; whether it was revoked is another question. */
  readonly verify: (token: string) => AccessTokenVerdict;
}

export interface AccessTokenOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds. */
  readonly ttl: number;
  readonly signingKey: () => PrivateSigningKey;
  readonly verificationKey: (kid: string) => VerificationKey | undefined;
  /** Whether somebody with these scopes has to have a second factor; nobody has to, without it. */
  readonly mustHaveSecondFactor?: (scopes: readonly string[]) => boolean;
}

const tokenType = 'at+jwt';
const signJws = createSignJws(tokenType);
const firstPartyClient = 'gatehouse';
/** Seconds by which the clocks of two of our processes may differ (RFC 7519 section 4.1.5). */
const clockSkew = 5;

/**
 * Access tokens after RFC 9068, checked after its section 4 and RFC 8725.
 *
 * Attacks: `alg: none` and HMAC made with a public key (the key decides the algorithm, never the
 * header), a token of another purpose (`typ`), critical extensions that nobody understands (`crit`,
 * RFC 7515 4.1.11), times that are no finite numbers, and a second spelling of one token that would
 * slip past whatever is keyed on its text. jsonwebtoken checks none of the last four.
 *
 * Attack: whoever has to have a second factor, and has shown one only, goes on without. Their token is
 * for another audience, so that subgraphs and routers refuse it as well as we do; and one that was issued
 * before they had to is taken for no more than that.
 */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const lifetime = Math.floor(options.ttl / 1_000);
  const { mustHaveSecondFactor = () => false } = options;
  const enrolment = `${options.audience}/enrolment`;

  return {
    issue(subject) {
      const issuedAt = epochSeconds(options.now());
      const longest = Math.floor((subject.longest ?? options.ttl) / 1_000);
      const expiresIn = Math.min(lifetime, longest);
      const { acr, scopes, actorId } = subject;
      // An administrator who acts as somebody can add nothing in their place.
      const isForEnrolment = !actorId && acr === 'aal1' && mustHaveSecondFactor(scopes);
      const claims: AccessTokenClaims = {
        iss: options.issuer,
        aud: isForEnrolment ? enrolment : options.audience,
        sub: subject.userId,
        sid: subject.sessionId,
        gen: subject.generation,
        jti: options.newId(),
        iat: issuedAt,
        exp: issuedAt + expiresIn,
        auth_time: epochSeconds(subject.authenticatedAt),
        acr,
        amr: subject.amr,
        client_id: firstPartyClient,
        scope: scopes.join(' '),
        roles: subject.roles,
        ...(actorId === undefined ? {} : { act: { sub: actorId } }),
      };
      return {
        token: signJws(claims, options.signingKey()),
        expiresAt: new Date(claims.exp * 1_000),
        expiresIn,
        isForEnrolment,
      };
    },

    verify(token) {
      const reading = readCompactJws(token);
      if (reading.kind === 'malformed') return malformed(reading.detail);
      const { header, payload } = reading;

      if (header.typ !== tokenType) return invalid('typ');
      if ('crit' in header) return invalid('crit');
      if (typeof header.kid !== 'string') return invalid('kid');
      const verification = options.verificationKey(header.kid);
      if (!verification) return invalid('unknown kid');
      if (header.alg !== verification.algorithm) return invalid('alg');
      if (!signatureHolds(token, verification)) return invalid('signature');
      return checkClaims(payload);
    },
  };

  function checkClaims(claims: Readonly<Record<string, unknown>>): AccessTokenVerdict {
    const now = epochSeconds(options.now());
    const { iss, aud, sub, sid, gen, jti, iat, exp, nbf, auth_time, scope, roles } = claims;
    const { acr = 'aal1', amr = [] } = claims;
    if (iss !== options.issuer) return invalid('iss');
    if (aud !== options.audience && aud !== enrolment) return invalid('aud');
    if (!isUuid(sub) || !isUuid(sid) || typeof jti !== 'string') return invalid('sub, sid or jti');
    if (!isWhole(gen) || gen < 1 || !isWhole(auth_time)) return invalid('gen or auth_time');
    if (typeof scope !== 'string' || typeof claims.client_id !== 'string') {
      return invalid('scope or client_id');
    }
    if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) {
      return invalid('roles');
    }
    if (!isOneOf(assuranceLevels, acr)) return invalid('acr');
    if (!Array.isArray(amr) || !amr.every((method) => isOneOf(authenticationMethods, method))) {
      return invalid('amr');
    }
    if ('act' in claims && !isActor(claims.act)) return invalid('act');
    if (!isWhole(exp) || !isWhole(iat)) return invalid('exp or iat');
    const isGuests = acr === byNothing.acr;
    if (exp <= now) return expired('exp', isGuests);
    if (iat > now + clockSkew || exp <= iat) return invalid('iat');
    if (nbf !== undefined && !(isWhole(nbf) && nbf <= now + clockSkew)) return invalid('nbf');
    if (iat + lifetime <= now) return expired('iat', isGuests);
    if (exp - iat > lifetime) return invalid('longer than what is issued');
    const isLacking =
      acr === 'aal1' && !('act' in claims) && mustHaveSecondFactor(scope.split(' '));
    const kind = aud === enrolment || isLacking ? 'enrolling' : 'verified';
    return { kind, claims: claims as unknown as VerifiedClaims };
  }
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && isId(value);
}

function isActor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'sub' in value && isUuid(value.sub);
}

function isOneOf(known: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && known.includes(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function malformed(detail: string): AccessTokenVerdict {
  return { kind: 'refused', reason: 'TOKEN_MALFORMED', detail };
}

function expired(detail: string, isGuests: boolean): AccessTokenVerdict {
  return { kind: 'refused', reason: 'TOKEN_EXPIRED', detail, ...(isGuests ? { isGuests } : {}) };
}

function invalid(detail: string): AccessTokenVerdict {
  return { kind: 'refused', reason: 'TOKEN_INVALID', detail };
}
