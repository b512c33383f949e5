import { isIP } from 'node:net';
import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { weaknessOf } from './weak-secret.ts';

const duration = (minimum = 0, maximum = Number.MAX_SAFE_INTEGER) =>
  z.string().transform((text, context) => {
    const milliseconds = parseDuration(text);
    if (milliseconds === undefined) {
      context.addIssue('must be a duration such as 30s, 15m, 12h or 180d');
      return z.NEVER;
    }
    if (milliseconds < minimum || milliseconds > maximum) {
      context.addIssue(`must be from ${minimum} ms to ${maximum} ms`);
      return z.NEVER;
    }
    return milliseconds;
  });

const integer = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .pipe(
      z
        .number()
        .min(minimum, `must be at least ${minimum}`)
        .max(maximum, `must be at most ${maximum}`),
    );

const secret = z.string().superRefine((text, context) => {
  const weakness = weaknessOf(text);
  if (weakness) context.addIssue(weakness);
});

const secretList = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .pipe(z.array(secret).min(1).max(8));

const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');

const origin = z
  .string()
  .refine(
    isOrigin,
    'must be exact origins such as https://app.example.com, with no path and no wildcard',
  );

/** Schemes of its own, such as capacitor://localhost, are what some app shells call themselves. */
function isOrigin(text: string): boolean {
  if (/^https?:/.test(text)) return URL.canParse(text) && new URL(text).origin === text;
  return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+$/.test(text);
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

const proxyList = list.superRefine((entries, context) => {
  if (!entries.every(isNetwork)) {
    context.addIssue('must be addresses or networks such as 10.0.0.0/8, comma-separated');
  }
});

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
  );
}

const originList = list.pipe(z.array(origin));

const httpUrl = z.string().refine((text) => {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return !url.search && !url.hash && !url.username;
}, 'must be an http or https URL without query, fragment and user');

const databaseUrl = z
  .string()
  .regex(
    /^postgres(ql)?:\/\//,
    'must be a URL such as postgres://user:password@host:5432/database',
  );

/** Each variable that Gatehouse reads: how it is checked, what it is without a value, what it means. */
export const variables = {
  NODE_ENV: {
    schema: z.enum(
      ['development', 'test', 'production'],
      'must be development, test or production',
    ),
    fallback: 'development',
    meaning:
      '`production` refuses weak or missing secrets and the embedded database, and turns introspection, Sandbox and GraphiQL off',
  },
  HOST: {
    schema: z.string().min(1),
    fallback: '127.0.0.1, 0.0.0.0 in production',
    meaning: 'address to listen on',
  },
  PORT: {
    schema: integer(0, 65_535),
    fallback: '4000',
    meaning: 'port to listen on; 0 takes a free one',
  },
  PUBLIC_URL: {
    schema: httpUrl,
    fallback: 'http://localhost:PORT',
    meaning:
      'where clients reach it: issuer of the tokens, base of links, the origin that counts as its own',
  },
  DATABASE_URL: {
    schema: databaseUrl,
    fallback: 'none: embedded',
    meaning: 'PostgreSQL 14 or later',
  },
  DATABASE_POOL: {
    schema: integer(1, 1_000),
    fallback: '10',
    meaning: 'database connections of this process',
  },
  DATA_DIR: {
    schema: z.string().min(1),
    fallback: '.gatehouse',
    meaning: 'folder of the embedded database and the development secrets',
  },
  ALLOW_EMBEDDED: {
    schema: flag,
    fallback: 'false',
    meaning: 'allows the embedded database in production; a power cut may lose its last commits',
  },
  JWT_ALGORITHM: {
    schema: z.enum(['ES256', 'RS256', 'HS256'], 'must be ES256, RS256 or HS256'),
    fallback: 'ES256',
    meaning: 'how access tokens are signed; HS256 only when nobody else verifies them',
  },
  JWT_SECRET: {
    schema: secret,
    fallback: 'none',
    meaning: 'HS256 only: at least 32 bytes, taken as UTF-8 text',
  },
  JWT_AUDIENCE: {
    schema: z.string().min(1).max(255),
    fallback: 'graph',
    meaning: '`aud` of access tokens',
  },
  ACCESS_TOKEN_TTL: {
    schema: duration(1_000, 24 * 3_600_000),
    fallback: '15m',
    meaning: 'lifetime of an access token',
  },
  REFRESH_TOKEN_SECRET: {
    schema: secretList,
    fallback: 'none: made in development',
    meaning:
      'authenticates refresh tokens: 32 bytes at least; a comma-separated list rotates it, the first one signs',
  },
  REFRESH_TOKEN_TTL: {
    schema: duration(1_000),
    fallback: '15d',
    meaning: 'idle lifetime: a session that is not refreshed for so long is over',
  },
  SESSION_MAX_AGE: {
    schema: duration(1_000),
    fallback: '180d',
    meaning: 'absolute lifetime of a session, never extended',
  },
  REFRESH_GRACE: {
    schema: duration(0, 60_000),
    fallback: '10s',
    meaning: 'window in which racing tabs get the same successor, 0s to 60s',
  },
  LOST_RESPONSE_GRACE: {
    schema: duration(),
    fallback: '24h',
    meaning: 'how long a refresh whose answer never arrived may be repeated; 0s is strict',
  },
  MAX_SESSIONS_PER_USER: {
    schema: integer(1, 10_000),
    fallback: '50',
    meaning: 'live sessions of one account; the oldest leaves',
  },
  KEY_ENCRYPTION_SECRET: {
    schema: secretList,
    fallback: 'none: made in development',
    meaning:
      'encrypts private keys at rest: 32 bytes at least; a comma-separated list rotates it, the first one encrypts',
  },
  KEY_ROTATION: {
    schema: duration(),
    fallback: '30d',
    meaning: 'age at which a signing key makes room for the next; 0s never',
  },
  COOKIE_NAME: {
    schema: z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be a cookie name (RFC 6265 token)'),
    fallback: '__Host-refreshToken in production, refreshToken otherwise',
    meaning: 'name of the refresh token cookie',
  },
  COOKIE_SAMESITE: {
    schema: z.enum(['strict', 'lax', 'none'], 'must be strict, lax or none'),
    fallback: 'strict',
    meaning: 'SameSite of the refresh token cookie',
  },
  CORS_ORIGINS: {
    schema: originList,
    fallback: 'none',
    meaning: 'exact origins of web clients on other origins, comma-separated',
  },
  TRUST_PROXY: {
    schema: proxyList,
    fallback: 'none',
    meaning:
      'exact addresses or networks of the proxies before it, comma-separated; only theirs X-Forwarded-For counts',
  },
  REDIS_URL: {
    schema: z.string().regex(/^rediss?:\/\//, 'must be a URL such as redis://host:6379'),
    fallback: 'none: PostgreSQL, or memory when embedded',
    meaning: 'where throttles are counted',
  },
  FAST_PATH: {
    schema: z.enum(['on', 'off'], 'must be on or off').transform((text) => text === 'on'),
    fallback: 'on',
    meaning: 'whether queries that were accepted before take a shorter way to the same answer',
  },
  PERSISTED_DOCUMENTS: {
    schema: z.string().min(1),
    fallback: 'none',
    meaning:
      'manifest of the only documents that may run, as Apollo or the codegen client preset write it',
  },
  BCRYPT_COST: {
    schema: integer(4, 15),
    fallback: '10',
    meaning: 'bcrypt cost, 10 to 15 (4 and more outside production)',
  },
  PASSWORD_MIN_LENGTH: {
    schema: integer(8, 64),
    fallback: '8',
    meaning:
      'least length of a password in code points; NIST SP 800-63B-4 recommends 15 without a second factor',
  },
  HASH_WORKERS: {
    schema: integer(1, 256),
    fallback: 'cores − 1, at least 1',
    meaning: 'threads that hash passwords',
  },
  HASH_QUEUE: {
    schema: integer(1, 100_000),
    fallback: '200 a worker',
    meaning: 'log-ins that may wait for a thread before BUSY is answered',
  },
  LOG_LEVEL: {
    schema: z.enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be fatal, error, warn, info, debug, trace or silent',
    ),
    fallback: 'info, warn outside production',
    meaning: 'least level of a log line',
  },
} as const;

export type VariableName = keyof typeof variables;
