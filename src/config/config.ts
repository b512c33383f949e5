import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { AccessPolicy } from '../access/access-policy.ts';
import { misusedGuestRole } from '../access/guest-role.ts';
import type { SecondFactorDuty } from '../access/must-have-second-factor.ts';
import type { RedisTarget } from '../core/redis-url.ts';
import type { Provider } from '../providers/provider.ts';
import { ConfigError } from './config-error.ts';
import { developmentSecrets, madeSecrets } from './development-secrets.ts';
import { type Limits, limits } from './limits.ts';
import type { Application, PageSettings } from './page-settings.ts';
import { readProviders } from './providers.ts';
import { noSettings, readSettingsFile, type Settings } from './settings-file.ts';
import type { Authorization, Subgraph } from './subgraphs.ts';
import { type VariableName, variables } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
type Values = {
  readonly [Name in VariableName]: z.infer<(typeof variables)[Name]['schema']> | undefined;
};

/** Everything that can be configured, checked and frozen. Durations are in milliseconds. */
export interface Config {
  readonly production: boolean;
  /** How it stands: before everything, or as a subgraph behind a router. */
  readonly role: 'gateway' | 'subgraph';
  /** How many of it stand on one port. */
  readonly workers: number;
  readonly router: {
    /** What a router that can't show an identity token may show instead. */
    readonly secrets: readonly string[];
  };
  readonly tokenExchange: {
    /** What a server that renders pages shows; without any, nobody may exchange tokens. */
    readonly secrets: readonly string[];
  };
  readonly dataDir: string;
  readonly logLevel: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string;
    readonly corsOrigins: readonly string[];
    /** Headers that web clients send, besides the usual ones. In lower case. */
    readonly corsHeaders: readonly string[];
    readonly trustedProxies: readonly string[];
    /** Connections of subscriptions that are open at a time, in each process. */
    readonly sockets: { readonly perAddress: number; readonly perAccount: number };
    /** Whether operations that were accepted before are answered without Apollo Server. */
    readonly keepsKnownOperations: boolean;
    /** The file of the only documents that may run. */
    readonly persistedDocuments: string | undefined;
  };
  /** Where Prometheus finds the metrics, if anywhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** What share of the requests is traced; undefined without a collector. */
  readonly tracing: { readonly share: number } | undefined;
  /** Where other routers find the coprocessor endpoint, if anywhere. */
  readonly coprocessor:
    | { readonly host: string; readonly port: number }
    | { readonly socket: string }
    | undefined;
  /** Milliseconds. */
  readonly shutdown: { readonly delay: number; readonly timeout: number };
  readonly cookie: {
    readonly name: string;
    readonly sameSite: 'strict' | 'lax' | 'none';
    readonly secure: boolean;
  };
  readonly redis: RedisTarget | undefined;
  readonly database: {
    readonly url: string | undefined;
    /** Where PostgreSQL itself is, when `url` is a pooler before it. */
    readonly directUrl: string | undefined;
    readonly pool: number;
  };
  readonly accessToken: {
    readonly algorithm: 'ES256' | 'RS256' | 'HS256';
    readonly secret: string | undefined;
    readonly issuer: string;
    readonly audience: string;
    readonly ttl: number;
  };
  readonly refreshToken: {
    readonly secrets: readonly string[];
    readonly ttl: number;
    readonly grace: number;
    readonly lostResponseGrace: number;
  };
  readonly session: { readonly maxAge: number; readonly maxPerUser: number };
  readonly keys: {
    readonly encryptionSecrets: readonly string[];
    readonly rotationInterval: number;
  };
  /** The roles and scopes of the settings file; absent where it declares none. */
  readonly access: AccessPolicy | undefined;
  /** What the settings file calls otherwise, or leaves out (false), of the public schema. */
  readonly names: Readonly<Record<string, string | false>>;
  /** The team's subgraphs, where there are any. */
  readonly federation: {
    readonly supergraph: string | undefined;
    readonly subgraphs: readonly Subgraph[];
    /** How often they are asked whether their schema changed. */
    readonly poll: number;
    readonly authorization: Authorization;
    readonly limits: Limits;
  };
  readonly password: {
    readonly minLength: number;
    readonly scheme:
      | { readonly kind: 'bcrypt'; readonly cost: number }
      | { readonly kind: 'argon2id' };
    readonly workers: number;
    readonly queue: number;
  };
  /** The domain that passkeys belong to, and the pages that may ask for one. */
  readonly passkeys: { readonly id: string; readonly origins: readonly string[] };
  /** Whether people may go on without an account. */
  readonly hasGuests: boolean;
  /** Who has to have a second factor. */
  readonly secondFactor: SecondFactorDuty;
  /** Whose accounts may be used to sign in. */
  readonly providers: readonly Provider[];
  readonly requireVerifiedEmail: 'never' | 'login' | 'sensitive';
  /** What a mail to sign in with has; off where there is none. */
  readonly emailSignIn: 'off' | 'code' | 'link';
  /** Whether people make accounts by themselves. */
  readonly signUp: 'open' | 'closed';
  /** Who is invited as the first administrator. */
  readonly adminEmail: string | undefined;
  readonly mail: {
    readonly smtpUrl: string | undefined;
    readonly from: { readonly name: string; readonly address: string };
    /** The folder of files that replace parts of mails. */
    readonly templates: string | undefined;
    readonly productName: string;
    /** A picture for the top of mails. */
    readonly logoUrl: string | undefined;
    /** Whether a log-in from a new kind of device sends one. */
    readonly newDevices: boolean;
    readonly linkBase: string;
  };
  /** Pages for people, which stand where no router does. */
  readonly pages: {
    readonly account: boolean;
    readonly console: boolean;
    readonly look: PageSettings;
    /** Where visitors of applications are sent back to. */
    readonly applications: readonly Application[];
  };
}

/**
 * Reads the whole configuration from environment variables. An empty variable counts as not set.
 *
 * @param options.makesSecrets whether a development machine without secrets gets some, as its first
 *   start needs them; without, those that are not there are missing
 * @throws ConfigError with every problem at once
 */
export function readConfig(
  env: Environment,
  { makesSecrets = true }: { readonly makesSecrets?: boolean } = {},
): Config {
  const problems: string[] = [];
  const values = parseEach(env, problems);
  const production = values.NODE_ENV === 'production';
  checkTogether(values, production, problems);
  const settings = readSettings(values.GATEHOUSE_CONFIG, problems);
  const ofProviders = readProviders(settings.providers, env);
  problems.push(...ofProviders.problems);
  const isTried = values.PUBLIC_URL?.startsWith('http:');
  const isPlain = ofProviders.providers.some(({ issuer }) => issuer.startsWith('http:'));
  // Both are on this machine then.
  if (production && isPlain && !isTried) {
    problems.push('providers in the settings file must have https issuers in production');
  }
  if (values.ROLE === 'subgraph') checkSubgraphRole(values, settings, problems);
  if (settings.limits && !settings.federation && values.SUPERGRAPH === undefined) {
    problems.push(
      'limits in the settings file are those of a graph: they need subgraphs or SUPERGRAPH',
    );
  }
  if (values.GUESTS && settings.access) problems.push(...misusedGuestRole(settings.access));
  if (problems.length > 0) throw new ConfigError(problems);

  const dataDir = resolve(values.DATA_DIR ?? '.gatehouse');
  const made = once(() => (makesSecrets ? developmentSecrets : madeSecrets)(dataDir));
  const port = values.PORT ?? 4000;
  const publicUrl = (values.PUBLIC_URL ?? `http://localhost:${port}`).replace(/\/+$/, '');
  const processes = values.WORKERS ?? 1;
  const spareCores = Math.floor((availableParallelism() - 1) / processes);
  const workers = values.HASH_WORKERS ?? Math.max(1, spareCores);
  const productName = values.PRODUCT_NAME ?? 'Gatehouse';
  return deepFreeze({
    production,
    role: values.ROLE ?? 'gateway',
    workers: processes,
    router: { secrets: values.ROUTER_SECRET ?? [] },
    tokenExchange: { secrets: values.TOKEN_EXCHANGE_SECRET ?? [] },
    dataDir,
    logLevel: values.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    http: {
      host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
      port,
      publicUrl,
      corsOrigins: values.CORS_ORIGINS ?? [],
      corsHeaders: values.CORS_HEADERS ?? [],
      trustedProxies: values.TRUST_PROXY ?? [],
      sockets: {
        perAddress: values.MAX_SOCKETS_PER_ADDRESS ?? 500,
        perAccount: values.MAX_SOCKETS_PER_USER ?? 100,
      },
      keepsKnownOperations: values.FAST_PATH ?? true,
      persistedDocuments: values.PERSISTED_DOCUMENTS,
    },
    metrics:
      values.METRICS_PORT === undefined
        ? undefined
        : { host: values.METRICS_HOST ?? '127.0.0.1', port: values.METRICS_PORT },
    tracing:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : { share: values.OTEL_TRACES_SAMPLER_ARG ?? 1 },
    coprocessor: values.COPROCESSOR_LISTEN,
    shutdown: {
      delay: values.SHUTDOWN_DELAY ?? (production ? 5_000 : 0),
      timeout: values.SHUTDOWN_TIMEOUT ?? 20_000,
    },
    cookie: {
      name: values.COOKIE_NAME ?? (production ? '__Host-refreshToken' : 'refreshToken'),
      sameSite: values.COOKIE_SAMESITE ?? 'strict',
      secure: production,
    },
    redis: values.REDIS_URL,
    database: {
      url: values.DATABASE_URL,
      directUrl: values.DATABASE_DIRECT_URL,
      pool: values.DATABASE_POOL ?? 10,
    },
    accessToken: {
      algorithm: values.JWT_ALGORITHM ?? 'ES256',
      secret: values.JWT_ALGORITHM === 'HS256' ? values.JWT_SECRET : undefined,
      issuer: publicUrl,
      audience: values.JWT_AUDIENCE ?? 'graph',
      ttl: values.ACCESS_TOKEN_TTL ?? 15 * 60_000,
    },
    refreshToken: {
      secrets: values.REFRESH_TOKEN_SECRET ?? listOf(made()?.refreshTokenSecret),
      ttl: values.REFRESH_TOKEN_TTL ?? 15 * 86_400_000,
      grace: values.REFRESH_GRACE ?? 10_000,
      lostResponseGrace: values.LOST_RESPONSE_GRACE ?? 24 * 3_600_000,
    },
    session: {
      maxAge: values.SESSION_MAX_AGE ?? 180 * 86_400_000,
      maxPerUser: values.MAX_SESSIONS_PER_USER ?? 50,
    },
    keys: {
      encryptionSecrets: values.KEY_ENCRYPTION_SECRET ?? listOf(made()?.keyEncryptionSecret),
      rotationInterval: values.KEY_ROTATION ?? 30 * 86_400_000,
    },
    access: settings.access,
    names: settings.names,
    federation: {
      supergraph: values.SUPERGRAPH === undefined ? undefined : resolve(values.SUPERGRAPH),
      subgraphs: settings.federation?.subgraphs ?? [],
      poll: settings.federation?.poll ?? 10_000,
      authorization: settings.federation?.authorization ?? { mode: 'filter' },
      limits: settings.limits ?? limits.parse({}),
    },
    password: {
      minLength: values.PASSWORD_MIN_LENGTH ?? 8,
      scheme:
        values.PASSWORD_SCHEME === 'argon2id'
          ? { kind: 'argon2id' }
          : { kind: 'bcrypt', cost: values.BCRYPT_COST ?? 10 },
      workers,
      queue: values.HASH_QUEUE ?? 200 * workers,
    },
    passkeys: {
      id: values.PASSKEY_RP_ID ?? new URL(publicUrl).hostname,
      origins: values.PASSKEY_ORIGINS ?? [new URL(publicUrl).origin],
    },
    hasGuests: values.GUESTS ?? false,
    secondFactor: values.SECOND_FACTOR ?? 'optional',
    providers: ofProviders.providers,
    requireVerifiedEmail: values.REQUIRE_VERIFIED_EMAIL ?? 'never',
    emailSignIn: values.EMAIL_SIGN_IN ?? 'off',
    signUp: values.SIGN_UP ?? 'open',
    adminEmail: values.ADMIN_EMAIL,
    mail: {
      smtpUrl: values.SMTP_URL,
      from: values.MAIL_FROM ?? {
        name: productName,
        address: `no-reply@${new URL(publicUrl).hostname}`,
      },
      templates: values.MAIL_TEMPLATES,
      productName,
      logoUrl: values.LOGO_URL,
      newDevices: values.NEW_DEVICE_MAIL ?? true,
      linkBase: (values.LINK_BASE_URL ?? publicUrl).replace(/\/+$/, ''),
    },
    pages: {
      account: values.ROLE !== 'subgraph' && (values.ACCOUNT_PAGES ?? true),
      console: values.ROLE !== 'subgraph' && (values.ADMIN_CONSOLE ?? true),
      look: settings.pages,
      applications: settings.applications,
    },
  });
}

/**
 * Reads the settings file's names alone, for what needs no other configuration.
 *
 * @throws ConfigError with every problem of the file
 */
export function readNames(env: Environment): Settings['names'] {
  const problems: string[] = [];
  const { names } = readSettings(env.GATEHOUSE_CONFIG?.trim() || undefined, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return names;
}

function parseEach(env: Environment, problems: string[]): Values {
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(variables)) {
    const text = env[name]?.trim();
    if (!text) continue;
    const result = schema.safeParse(text);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} ${result.error.issues[0]?.message ?? 'is invalid'}`);
  }
  return values as Values;
}

const usualSettingsFiles = ['gatehouse.yaml', 'gatehouse.yml', 'gatehouse.json'];

function readSettings(named: string | undefined, problems: string[]): Settings {
  const path = named ?? usualSettingsFiles.find((name) => existsSync(name));
  if (path === undefined) return noSettings;
  const read = readSettingsFile(path);
  problems.push(...read.problems);
  return read.settings;
}

/** The rules that need more than one variable. */
function checkTogether(values: Values, production: boolean, problems: string[]): void {
  const named = (name: VariableName) => problems.some((line) => line.startsWith(`${name} `));
  const requireInProduction = (name: VariableName, why: string) => {
    if (production && values[name] === undefined && !named(name)) problems.push(`${name} ${why}`);
  };
  if (!values.ALLOW_EMBEDDED) {
    requireInProduction(
      'DATABASE_URL',
      'is needed in production (ALLOW_EMBEDDED=true takes the embedded database instead)',
    );
  }
  if (values.DATABASE_DIRECT_URL !== undefined && values.DATABASE_URL === undefined) {
    problems.push('DATABASE_DIRECT_URL needs DATABASE_URL, the pooler that it goes around');
  }
  if ((values.WORKERS ?? 1) > 1 && values.DATABASE_URL === undefined) {
    problems.push('WORKERS needs DATABASE_URL: the embedded database serves one process');
  }
  requireInProduction('PUBLIC_URL', 'is needed in production');
  requireInProduction('REFRESH_TOKEN_SECRET', 'is needed in production: openssl rand -base64 48');
  requireInProduction('KEY_ENCRYPTION_SECRET', 'is needed in production: openssl rand -base64 48');

  const publicUrl = values.PUBLIC_URL === undefined ? undefined : new URL(values.PUBLIC_URL);
  if (production && publicUrl?.protocol === 'http:' && !isLoopback(publicUrl.hostname)) {
    problems.push('PUBLIC_URL must be https in production: browsers keep the cookie only then');
  }
  if (values.JWT_ALGORITHM === 'HS256' && values.JWT_SECRET === undefined && !named('JWT_SECRET')) {
    problems.push('JWT_SECRET is needed with JWT_ALGORITHM=HS256: openssl rand -base64 48');
  }
  if ((values.REQUIRE_VERIFIED_EMAIL ?? 'never') !== 'never') {
    requireInProduction('SMTP_URL', 'is needed in production with REQUIRE_VERIFIED_EMAIL');
  } else if ((values.EMAIL_SIGN_IN ?? 'off') !== 'off') {
    requireInProduction('SMTP_URL', 'is needed in production with EMAIL_SIGN_IN');
  } else if (values.ADMIN_EMAIL !== undefined) {
    requireInProduction('SMTP_URL', 'is needed in production with ADMIN_EMAIL');
  }
  // One leaked secret must not forge the other kind of token too.
  const secrets = [
    values.JWT_SECRET,
    ...(values.REFRESH_TOKEN_SECRET ?? []),
    ...(values.KEY_ENCRYPTION_SECRET ?? []),
    ...(values.ROUTER_SECRET ?? []),
    ...(values.TOKEN_EXCHANGE_SECRET ?? []),
  ].filter((secret) => secret !== undefined);
  if (new Set(secrets).size < secrets.length) {
    problems.push(
      'JWT_SECRET, REFRESH_TOKEN_SECRET, KEY_ENCRYPTION_SECRET, ROUTER_SECRET and TOKEN_EXCHANGE_SECRET must all differ',
    );
  }
  if (production && values.BCRYPT_COST !== undefined && values.BCRYPT_COST < 10) {
    problems.push('BCRYPT_COST must be at least 10 in production');
  }
  if (values.COOKIE_NAME?.startsWith('__') && !production) {
    problems.push('COOKIE_NAME with a prefix needs a Secure cookie, which only production sets');
  }
  if (values.COOKIE_SAMESITE === 'none' && !production) {
    problems.push('COOKIE_SAMESITE=none needs a Secure cookie, which only production sets');
  }
}

/** Behind a router there is no graph of ours, and the documents are the router's own. */
function checkSubgraphRole(values: Values, { federation }: Settings, problems: string[]): void {
  if (values.SUPERGRAPH !== undefined || (federation?.subgraphs.length ?? 0) > 0) {
    problems.push('ROLE=subgraph stands behind a router: it can have no subgraphs of its own');
  }
  if (values.JWT_ALGORITHM === 'HS256') {
    problems.push(
      'JWT_ALGORITHM must be ES256 or RS256 with ROLE=subgraph: a router has no secret',
    );
  }
  if (values.PERSISTED_DOCUMENTS !== undefined) {
    problems.push('PERSISTED_DOCUMENTS belongs to the router with ROLE=subgraph');
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

function listOf(secret: string | undefined): readonly string[] {
  return secret === undefined ? [] : [secret];
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    // What a view shows can't be frozen.
    if (typeof inner === 'object' && inner !== null && !ArrayBuffer.isView(inner))
      deepFreeze(inner);
  }
  return Object.freeze(value);
}
