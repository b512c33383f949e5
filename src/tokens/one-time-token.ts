import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { epochSeconds } from '../core/clock.ts';
import { isId } from '../core/random.ts';
import type { PrivateSigningKey, VerificationKey } from '../keys/signing-key.ts';
import { readCompactJws, signatureHolds } from './compact-jws.ts';
import { OneTimeTokenRefused } from './errors.ts';
import { createSignJws } from './sign-jws.ts';

const hour = 3_600;

/** What a one-time token may do, and for how many seconds. */
export const oneTimeLifetimes = {
  'verify-email': 24 * hour,
  'reset-password': hour / 2,
  'password-removed': 7 * 24 * hour,
  invitation: 7 * 24 * hour,
  'change-email': hour,
  'undo-email-change': 72 * hour,
  'email-sign-in': hour / 6,
  'second-factor': hour / 6,
  'passkey-setup': hour / 12,
  'passkey-sign-in': hour / 12,
  'passkey-second-factor': hour / 12,
  'passkey-step-up': hour / 12,
} as const;

export type OneTimePurpose = keyof typeof oneTimeLifetimes;

/** What a token will be, without the signature: it opens nothing, and may wait in the database. */
export interface PreparedOneTimeToken {
  readonly purpose: OneTimePurpose;
  readonly accountId: string;
  /** SHA-256 of the state that using the token changes. */
  readonly fingerprint: string;
  /** The address that it is about, where the account does not hold it (any more). */
  readonly email: string | null;
  /** Seconds. */
  readonly issuedAt: number;
}

export interface OneTimeSubject {
  readonly accountId: string;
  /** The state that using the token changes: once that is another, the token is spent. */
  readonly boundTo: readonly string[];
  readonly email?: string;
}

/** A token whose signature, purpose and time were checked. Whether it was used is left to ask. */
export interface OneTimeToken {
  readonly accountId: string;
  readonly email: string | null;
  /** Whether this is the state that it was made for. */
  readonly isBoundTo: (state: readonly string[]) => boolean;
  /** @throws OneTimeTokenRefused `ONE_TIME_TOKEN_USED` when the state is not the one it was made for */
  readonly assertBoundTo: (state: readonly string[]) => void;
}

export interface OneTimeTokens {
  readonly prepare: <Purpose extends OneTimePurpose>(
    purpose: Purpose,
    subject: OneTimeSubject,
  ) => PreparedOneTimeToken & { readonly purpose: Purpose };
  /** Signs a prepared token, as it is sent to its owner. */
  readonly write: (prepared: PreparedOneTimeToken) => string;
  /** Reads a token of one of these purposes. Costs no query. @throws OneTimeTokenRefused */
  readonly read: (
    purposes: OneTimePurpose | readonly OneTimePurpose[],
    token: string,
  ) => OneTimeToken;
}

export interface OneTimeTokenOptions {
  readonly now: Clock;
  readonly issuer: string;
  readonly signingKey: () => PrivateSigningKey;
  readonly verificationKey: (kid: string) => VerificationKey | undefined;
}

/** Seconds by which the clocks of two of our processes may differ. */
const clockSkew = 5;

/**
 * Tokens that go out by mail, or stand for half a sign-in, and do one thing once.
 *
 * Attacks: a token of one purpose used for another, or as an access token (each purpose has its `typ`
 * and audience, and their keys sign nothing else, RFC 8725 sections 3.11 and 3.12); a link that is
 * used again, or after something newer (each is bound to the state that it changes, so that the change
 * itself spends it and every older one, with no list of tokens to keep); and a read copy of the
 * database (what waits there to be sent is not signed yet).
 */
export function createOneTimeTokens(options: OneTimeTokenOptions): OneTimeTokens {
  return {
    prepare: (purpose, { accountId, boundTo, email = null }) => ({
      purpose,
      accountId,
      fingerprint: fingerprintOf(purpose, accountId, boundTo),
      email,
      issuedAt: epochSeconds(options.now()),
    }),

    write({ purpose, accountId, fingerprint, email, issuedAt }) {
      const claims = {
        iss: options.issuer,
        aud: audienceOf(purpose),
        sub: accountId,
        iat: issuedAt,
        exp: issuedAt + oneTimeLifetimes[purpose],
        state: fingerprint,
        ...(email === null ? {} : { email }),
      };
      return createSignJws(typeOf(purpose))(claims, options.signingKey());
    },

    read(purposes, token) {
      const reading = readCompactJws(token);
      if (reading.kind === 'malformed') throw invalid(reading.detail);
      const { header, payload } = reading;
      if ('crit' in header) throw invalid('crit');
      if (typeof header.kid !== 'string') throw invalid('kid');
      const verification = options.verificationKey(header.kid);
      if (!verification) throw invalid('unknown kid');
      if (header.alg !== verification.algorithm) throw invalid('alg');
      if (!signatureHolds(token, verification)) throw invalid('signature');
      const purpose = [purposes].flat().find((wanted) => header.typ === typeOf(wanted));
      if (purpose === undefined || payload.aud !== audienceOf(purpose)) {
        throw new OneTimeTokenRefused('ONE_TIME_TOKEN_WRONG_PURPOSE', String(header.typ));
      }
      return checkClaims(purpose, payload);
    },
  };

  function checkClaims(
    purpose: OneTimePurpose,
    { iss, sub, iat, exp, state, email }: Readonly<Record<string, unknown>>,
  ): OneTimeToken {
    const now = epochSeconds(options.now());
    if (iss !== options.issuer) throw invalid('iss');
    if (typeof sub !== 'string' || !isId(sub)) throw invalid('sub');
    if (typeof state !== 'string') throw invalid('state');
    if (email !== undefined && typeof email !== 'string') throw invalid('email');
    if (!isWhole(iat) || !isWhole(exp) || iat > now + clockSkew) throw invalid('iat or exp');
    if (exp - iat !== oneTimeLifetimes[purpose]) throw invalid('lifetime');
    if (exp <= now) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_EXPIRED');
    const isBoundTo: OneTimeToken['isBoundTo'] = (current) => {
      const expected = Buffer.from(fingerprintOf(purpose, sub, current));
      const given = Buffer.from(state);
      return given.length === expected.length && timingSafeEqual(given, expected);
    };
    return {
      accountId: sub,
      email: email ?? null,
      isBoundTo,
      assertBoundTo(current) {
        if (!isBoundTo(current)) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED');
      },
    };
  }
}

function typeOf(purpose: OneTimePurpose): string {
  return `${purpose}+jwt`;
}

function audienceOf(purpose: OneTimePurpose): string {
  return `urn:gatehouse:one-time:${purpose}`;
}

function fingerprintOf(
  purpose: OneTimePurpose,
  accountId: string,
  state: readonly string[],
): string {
  return createHash('sha256')
    .update(JSON.stringify([purpose, accountId, ...state]))
    .digest('base64url');
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function invalid(detail: string): OneTimeTokenRefused {
  return new OneTimeTokenRefused('ONE_TIME_TOKEN_INVALID', detail);
}
