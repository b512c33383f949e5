import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { isNetwork } from '../core/network.ts';
import { readRedisUrl } from '../core/redis-url.ts';
import { readDatabaseUrl } from './database-url.ts';
import { readMailAddress } from './mail-address.ts';
import { weaknessOf } from './weak-secret.ts';
import { readOrigin } from './web-origin.ts';

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

const onOrOff = z.enum(['on', 'off'], 'must be on or off').transform((text) => text === 'on');

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

const headerList = list.pipe(
  z.array(
    z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be names of headers, comma-separated')
      .refine((name) => name !== '*', 'must name each header: * admits none with credentials')
      .transform((name) => name.toLowerCase()),
  ),
);

const originList = list.transform((entries, context) =>
  entries.map((entry) => {
    const read = readOrigin(entry);
    if ('origin' in read) return read.origin;
    context.addIssue(read.problem);
    return z.NEVER;
  }),
);

const httpUrl = z.string().refine((text) => {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return !url.search && !url.hash && !url.username;
}, 'must be an http or https URL without query, fragment and user');

const databaseUrl = z.string().transform((text, context) => {
  const read = readDatabaseUrl(text);
  if ('url' in read) return read.url;
  context.addIssue(read.problem);
  return z.NEVER;
});

const redisUrl = z.string().transform((text, context) => {
  const target = readRedisUrl(text);
  if (target) return target;
  context.addIssue(
    'must be a URL such as redis://host:6379, redis-cluster://host1:6379,host2:6379 or redis-sentinel://host1:26379,host2:26379/primary',
  );
  return z.NEVER;
});

const mailAddress = z.string().transform((text, context) => {
  const address = readMailAddress(text);
  if (address !== undefined) return address;
  context.addIssue('must be an e-mail address');
  return z.NEVER;
});

/** A host and a port, or the file of a Unix socket. */
function readPlace(
  text: string,
): { readonly host: string; readonly port: number } | { readonly socket: string } | undefined {
  const [, socket] = /^unix:(\/.+)$/.exec(text) ?? [];
  if (socket !== undefined) return { socket };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

const senderRule = 'must be an address, or `Name <address>`';

function readSender(text: string): { name: string; address: string } | undefined {
  const [, name = '', written = text] = /^"?([^"<>]*?)"?\s*<([^<>\s]+)>$/.exec(text) ?? [];
  const address = readMailAddress(written);
  return /\p{Cc}/u.test(text) || address === undefined ? undefined : { name, address };
}

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
    meaning:
      'PostgreSQL 14 or later, of several hosts the one that takes writes; `sslmode=require`, `verify-ca` or `verify-full` for TLS, as libpq has them',
  },
  DATABASE_DIRECT_URL: {
    schema: databaseUrl,
    fallback: 'none: DATABASE_URL is PostgreSQL itself',
    meaning:
      'the same database without the pooler that DATABASE_URL names: migrations, the command line and the announcements of revocations go there (docs/operations.md)',
  },
  WORKERS: {
    schema: integer(1, 256),
    fallback: '1',
    meaning: 'processes on one port; more than one need DATABASE_URL, and have one METRICS_PORT',
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
  MAX_SOCKETS_PER_USER: {
    schema: integer(1, 100_000),
    fallback: '100',
    meaning: 'connections of subscriptions that one account may have open, in each process',
  },
  MAX_SOCKETS_PER_ADDRESS: {
    schema: integer(1, 1_000_000),
    fallback: '500',
    meaning: 'the same for one address, or one IPv6 network',
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
  PASSKEY_RP_ID: {
    schema: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be a domain such as example.com'),
    fallback: 'host of PUBLIC_URL',
    meaning:
      'domain that passkeys belong to: they are lost when it changes (docs/second-factors.md)',
  },
  PASSKEY_ORIGINS: {
    schema: originList,
    fallback: 'origin of PUBLIC_URL',
    meaning: 'exact origins of the pages that may ask for passkeys, comma-separated',
  },
  CORS_HEADERS: {
    schema: headerList,
    fallback: 'none',
    meaning:
      'request headers that those may send besides the usual ones and those that `gatehouse.yaml` passes to subgraphs, comma-separated',
  },
  TRUST_PROXY: {
    schema: proxyList,
    fallback: 'none',
    meaning:
      'exact addresses or networks of the proxies before it, comma-separated; only theirs X-Forwarded-For counts',
  },
  REDIS_URL: {
    schema: redisUrl,
    fallback: 'none: PostgreSQL, or memory when embedded',
    meaning:
      'where throttles are counted: `redis://host:6379/0`, `redis-cluster://host,host` or `redis-sentinel://host,host/primary`; `rediss` for TLS',
  },
  GATEHOUSE_CONFIG: {
    schema: z.string().min(1),
    fallback: 'gatehouse.yaml, gatehouse.yml or gatehouse.json where one stands',
    meaning:
      'file of the structured settings: scopes, roles, subgraphs, the names of the schema, the providers to sign in with (docs/providers.md)',
  },
  REQUIRE_VERIFIED_EMAIL: {
    schema: z.enum(['never', 'login', 'sensitive'], 'must be never, login or sensitive'),
    fallback: 'never',
    meaning:
      'what a proved address is needed for: `login` needs it to sign in, and then nobody can find out who has an account; `sensitive` for profile changes and data export',
  },
  GUESTS: {
    schema: onOrOff,
    fallback: 'off',
    meaning:
      'whether people may go on without an account, and make one of what they are later (docs/guests.md)',
  },
  SECOND_FACTOR: {
    schema: z.enum(
      ['optional', 'administrators', 'everyone'],
      'must be optional, administrators or everyone',
    ),
    fallback: 'optional',
    meaning:
      'who has to have a second factor: until they add one, they can do nothing else (docs/second-factors.md)',
  },
  EMAIL_SIGN_IN: {
    schema: z.enum(['off', 'code', 'link'], 'must be off, code or link'),
    fallback: 'off',
    meaning:
      'whether people sign in with what a mail says: a code, or with `link` that and a link (docs/email-sign-in.md)',
  },
  SIGN_UP: {
    schema: z.enum(['open', 'closed'], 'must be open or closed'),
    fallback: 'open',
    meaning:
      'whether people make accounts by themselves; `closed` leaves it to administrators and their invitations',
  },
  ADMIN_EMAIL: {
    schema: mailAddress,
    fallback: 'none',
    meaning:
      'invited by mail as the first administrator, at a start on a database without any account',
  },
  SMTP_URL: {
    schema: z
      .string()
      .refine(
        (text) => /^smtps?:\/\//.test(text) && URL.canParse(text),
        'must be a URL such as smtp://user:password@host:587 or smtps://…',
      ),
    fallback: 'none: /dev/mailbox in development, no mail in production',
    meaning:
      'mail server; smtp:// must upgrade to TLS unless it is on this machine (docs/mails.md)',
  },
  MAIL_FROM: {
    schema: z
      .string()
      .transform(readSender)
      .pipe(z.object({ name: z.string(), address: z.string() }, senderRule)),
    fallback: 'PRODUCT_NAME <no-reply@host of PUBLIC_URL>',
    meaning: 'sender of mails, such as `Example <auth@example.com>`',
  },
  MAIL_TEMPLATES: {
    schema: z.string().min(1),
    fallback: 'none: built in',
    meaning:
      'folder of Handlebars files that replace parts of mails: `<en or de>/<mail>.<subject, text or html>.hbs`',
  },
  PRODUCT_NAME: {
    schema: z.string().regex(/^[^\p{Cc}<>"]{1,60}$/u, 'must be a name of at most 60 characters'),
    fallback: 'Gatehouse',
    meaning: 'what mails call the service',
  },
  LOGO_URL: {
    schema: z
      .string()
      .refine(
        (text) => /^https?:\/\//.test(text) && URL.canParse(text),
        'must be the http or https URL of a picture',
      ),
    fallback: 'none: PRODUCT_NAME in letters',
    meaning: 'picture at the top of mails, PNG or JPEG, shown 40 pixels high',
  },
  NEW_DEVICE_MAIL: {
    schema: onOrOff,
    fallback: 'on',
    meaning: 'whether a log-in from a kind of device that an account has not had yet sends a mail',
  },
  LINK_BASE_URL: {
    schema: httpUrl,
    fallback: 'PUBLIC_URL',
    meaning:
      'where the pages live that links in mails lead to: /verify-email, /reset-password, /forgot-password, /email-sign-in, /confirm-email-change, /undo-email-change',
  },
  ACCOUNT_PAGES: {
    schema: onOrOff,
    fallback: 'on',
    meaning:
      'whether people find pages for their account at `/account`, and at those paths that mails lead to unless LINK_BASE_URL is elsewhere',
  },
  ADMIN_CONSOLE: {
    schema: onOrOff,
    fallback: 'on',
    meaning: 'whether administrators find a console at `/admin/`',
  },
  FAST_PATH: {
    schema: onOrOff,
    fallback: 'on',
    meaning: 'whether operations that were accepted before take a shorter way to the same answer',
  },
  SUPERGRAPH: {
    schema: z.string().min(1),
    fallback: 'none',
    meaning:
      'file of a supergraph that was composed elsewhere, the auth schema in it as `gatehouse`',
  },
  ROLE: {
    schema: z.enum(['gateway', 'subgraph'], 'must be gateway or subgraph'),
    fallback: 'gateway',
    meaning:
      '`subgraph` serves the auth schema as a Federation 2 subgraph to a router, and to nobody else',
  },
  ROUTER_SECRET: {
    schema: secretList,
    fallback: 'none: identity tokens only',
    meaning:
      'what the router before `ROLE=subgraph` shows in `X-Router-Secret`: 32 bytes at least; a comma-separated list rotates it',
  },
  TOKEN_EXCHANGE_SECRET: {
    schema: secretList,
    fallback: 'none: nobody may',
    meaning:
      'what servers that render pages show in `X-Token-Exchange-Secret` to exchange a browser’s cookie for an access token of a minute: 32 bytes at least; a comma-separated list rotates it',
  },
  COPROCESSOR_LISTEN: {
    schema: z.string().transform((text, context) => {
      const place = readPlace(text);
      if (place) return place;
      context.addIssue('must be an address such as 127.0.0.1:4005, or unix:/run/gatehouse.sock');
      return z.NEVER;
    }),
    fallback: 'none',
    meaning:
      'address, or `unix:` and the path of a socket, where routers find `/internal/coprocessor`; strangers must not reach it',
  },
  PERSISTED_DOCUMENTS: {
    schema: z.string().min(1),
    fallback: 'none',
    meaning:
      'manifest of the only documents that may run, as Apollo or the codegen client preset write it; those of the pages may, too',
  },
  PASSWORD_SCHEME: {
    schema: z.enum(['bcrypt', 'argon2id'], 'must be bcrypt or argon2id'),
    fallback: 'bcrypt',
    meaning:
      'how new passwords are hashed; older hashes of either kind go on to work, and change at the next log-in',
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
    fallback: 'cores − 1, shared out among WORKERS, at least 1',
    meaning: 'threads that hash passwords, in each process',
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
  METRICS_PORT: {
    schema: integer(0, 65_535),
    fallback: 'none',
    meaning: 'port of the Prometheus metrics, at `/metrics`',
  },
  METRICS_HOST: {
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    meaning: 'address of the Prometheus metrics; strangers must not reach it',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: httpUrl,
    fallback: 'none',
    meaning:
      'OpenTelemetry collector that takes traces over OTLP/HTTP; the other `OTEL_` variables of exporters and resources hold too',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: z.coerce.number().min(0).max(1),
    fallback: '1',
    meaning:
      'share of the requests that are traced, 0 to 1, where the `traceparent` of the caller does not decide',
  },
  SHUTDOWN_DELAY: {
    schema: duration(0, 300_000),
    fallback: '5s in production, 0s otherwise',
    meaning:
      'how long `/readyz` says no before a stop takes no more connections: load balancers need it to notice',
  },
  SHUTDOWN_TIMEOUT: {
    schema: duration(0, 300_000),
    fallback: '20s',
    meaning: 'how long a stop then waits for requests in flight',
  },
} as const;

export type VariableName = keyof typeof variables;
