import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { IdentityRefused } from './errors.ts';
import type { Identity } from './identity.ts';
import {
  bodyDigest,
  identityAlgorithm,
  identityHeader,
  identityKeysPath,
  identityTokenType,
  longestIdentity,
} from './identity-token.ts';
import type { ReplayCache } from './replay-cache.ts';

/** The headers of a request, as Node has them or as fetch has them. */
export type RequestHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Reads who is asking from a request.
 *
 * @param rawBody the body exactly as it arrived, before anything parsed it
 * @throws IdentityRefused
 */
export type VerifyIdentity = (
  headers: RequestHeaders,
  rawBody: string | Uint8Array,
) => Promise<Identity>;

export interface IdentityVerifierOptions {
  /** The public URL of the gateway: who must have issued the token. */
  readonly gateway: string;
  /** This subgraph, as the gateway's configuration names it. */
  readonly subgraph: string;
  /** Where the keys are, when this process reaches the gateway under another address. */
  readonly keysUrl?: string;
  /** The present keys, for a process that has them already: nothing is fetched then. */
  readonly keys?: () => JSONWebKeySet;
  /** Refuses a mutation's token that comes a second time. Queries may be repeated. */
  readonly replayCache?: ReplayCache;
  /** Seconds by which the clocks of the gateway and this process may differ; 5 by default. */
  readonly clockTolerance?: number;
  readonly now?: () => Date;
}

const longestToken = 12_288;
/** Milliseconds. A new key is published for longer than this before it signs. */
const keysMaxAge = 5 * 60_000;
/** Milliseconds between two fetches that unknown keys may cause: a flood of them costs nothing. */
const keysCooldown = 30_000;
const keysTimeout = 5_000;

/**
 * Makes the verifier of a subgraph. Keys are fetched at the first request.
 *
 * Attacks: a caller who reaches the subgraph past the gateway (no token), the user's own access token
 * (other keys, other `typ`), another subgraph's token (`aud`), a token seen once and used with another
 * body (`body_sha256`), later (`exp`), or again (the replay cache), a key that the gateway gave up
 * (the key set), and `alg: none` or HMAC (one algorithm is allowed).
 */
export function createIdentityVerifier(options: IdentityVerifierOptions): VerifyIdentity {
  const issuer = options.gateway.replace(/\/+$/, '');
  const getKey = keysOf(
    options.keys
      ? keysAtHand(options.keys)
      : keysAt(new URL(options.keysUrl ?? `${issuer}${identityKeysPath}`)),
  );
  const { replayCache, clockTolerance = 5, now = () => new Date() } = options;

  return async (headers, rawBody) => {
    const token = readToken(headers);
    const claims = await verified(token);
    if (claims.body_sha256 !== bodyDigest(rawBody)) throw new IdentityRefused('BODY_MISMATCH');
    if (replayCache && claims.op === 'mutation') {
      const expiresAt = (Number(claims.exp) + clockTolerance) * 1_000;
      if (await replayCache.isReplay(String(claims.jti), expiresAt)) {
        throw new IdentityRefused('TOKEN_REPLAYED');
      }
    }
    return toIdentity(claims);
  };

  async function verified(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, getKey, {
        algorithms: [identityAlgorithm],
        typ: identityTokenType,
        issuer,
        audience: options.subgraph,
        maxTokenAge: longestIdentity,
        clockTolerance,
        currentDate: now(),
        requiredClaims: ['exp', 'jti', 'txn', 'op', 'body_sha256'],
      });
      return payload;
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

function keysAt(url: URL): JWTVerifyGetKey {
  return createRemoteJWKSet(url, {
    cacheMaxAge: keysMaxAge,
    cooldownDuration: keysCooldown,
    timeoutDuration: keysTimeout,
  });
}

function keysAtHand(present: () => JSONWebKeySet): JWTVerifyGetKey {
  let known: JSONWebKeySet | undefined;
  let find: JWTVerifyGetKey | undefined;
  return (header, token) => {
    const keys = present();
    if (keys !== known || !find) find = createLocalJWKSet(keys);
    known = keys;
    return find(header, token);
  };
}

function keysOf(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    // With one key in the set, no id at all would do.
    if (typeof header.kid !== 'string') throw new IdentityRefused('UNKNOWN_KEY');
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw new IdentityRefused('UNKNOWN_KEY');
      throw new IdentityRefused('KEYS_UNAVAILABLE', { cause: error });
    }
  };
}

function readToken(headers: RequestHeaders): string {
  // Servers bring a Headers class of their own, which is no instance of the global one.
  const value = typeof headers.get === 'function' ? headers.get(identityHeader) : fieldOf(headers);
  if (value === undefined || value === null) throw new IdentityRefused('TOKEN_MISSING');
  if (typeof value !== 'string' || value.length > longestToken) {
    throw new IdentityRefused('TOKEN_INVALID');
  }
  return value;
}

function fieldOf(headers: RequestHeaders): unknown {
  return Object.hasOwn(headers, identityHeader)
    ? (headers as Readonly<Record<string, unknown>>)[identityHeader]
    : undefined;
}

function toIdentity(payload: JWTPayload): Identity {
  const { sub, sid, scope, roles, act, txn, anonymous, aud, acr, amr, auth_time } = payload;
  const requestId = String(txn);
  if (typeof aud !== 'string') throw new IdentityRefused('WRONG_AUDIENCE');
  if (anonymous === true && sub === undefined) return { kind: 'anonymous', requestId };
  if (anonymous !== undefined || !sub) throw new IdentityRefused('TOKEN_INVALID');
  return {
    kind: 'user',
    userId: sub,
    sessionId: typeof sid === 'string' ? sid : undefined,
    scopes: typeof scope === 'string' && scope !== '' ? scope.split(' ') : [],
    roles: Array.isArray(roles) ? roles.map(String) : [],
    ...(typeof acr === 'string' ? { acr } : {}),
    ...(Array.isArray(amr) ? { amr: amr.map(String) } : {}),
    ...(typeof auth_time === 'number' ? { authTime: auth_time } : {}),
    actorId: actorOf(act),
    requestId,
  };
}

function actorOf(act: unknown): string | undefined {
  if (act === undefined) return undefined;
  const sub = typeof act === 'object' && act !== null && 'sub' in act ? act.sub : undefined;
  if (typeof sub !== 'string') throw new IdentityRefused('TOKEN_INVALID');
  return sub;
}

function refusalOf(error: unknown): IdentityRefused {
  if (error instanceof IdentityRefused) return error;
  if (error instanceof errors.JWTExpired) return new IdentityRefused('TOKEN_EXPIRED');
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return new IdentityRefused('WRONG_AUDIENCE');
  }
  return new IdentityRefused('TOKEN_INVALID', { cause: error });
}
