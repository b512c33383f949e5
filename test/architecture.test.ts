import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importsOf } from './support/source-imports.ts';

interface Allowed {
  /** Modules of ours: folders and files directly below src, and `migrations` beside it. */
  readonly modules: readonly string[];
  readonly packages: readonly string[];
}

const domains = [
  'access',
  'accounts',
  'administration',
  'audit',
  'email-sign-in',
  'factors',
  'guests',
  'keys',
  'mail',
  'passwords',
  'providers',
  'sessions',
  'throttling',
  'tokens',
];
const belowHttp = ['core', ...domains, 'graphql', 'observability'];
const belowWiring = [...belowHttp, 'config', 'db', 'federation'];

/**
 * What a module may import, besides itself and `node:`. A module that is not listed may not exist.
 * The design's table, and where the code showed a better one, why.
 */
const table: Readonly<Record<string, Allowed>> = {
  core: { modules: [], packages: [] },
  // graphql is for `graphql-gatehouse-subgraph/schema` alone.
  subgraph: { modules: [], packages: ['jose', 'graphql'] },
  client: {
    modules: [],
    packages: ['@apollo/client', '@urql/core', 'wonka', 'graphql-ws', 'react'],
  },
  access: { modules: ['core'], packages: [] },
  audit: { modules: ['core'], packages: [] },
  mail: { modules: ['core'], packages: ['nodemailer', 'handlebars'] },
  throttling: { modules: ['core'], packages: ['rate-limiter-flexible'] },
  // That a key began to sign is a security event, written in the transaction that made it so: audit.
  keys: { modules: ['core', 'audit'], packages: [] },
  tokens: { modules: ['core', 'keys'], packages: ['jsonwebtoken'] },
  passwords: {
    modules: ['core', 'tokens', 'mail', 'throttling', 'audit'],
    packages: [
      '@node-rs/argon2',
      '@zxcvbn-ts/core',
      '@zxcvbn-ts/language-common',
      '@zxcvbn-ts/language-de',
      '@zxcvbn-ts/language-en',
      'bcryptjs',
      'piscina',
    ],
  },
  accounts: {
    modules: ['core', 'access', 'tokens', 'passwords', 'mail', 'throttling', 'audit'],
    packages: [],
  },
  sessions: {
    modules: ['core', 'access', 'accounts', 'tokens', 'passwords', 'mail', 'throttling', 'audit'],
    packages: [],
  },
  factors: {
    modules: ['core', 'access', 'accounts', 'tokens', 'passwords', 'mail', 'throttling', 'audit'],
    packages: ['otpauth', '@simplewebauthn/server'],
  },
  // Who has no account yet, and how they get one.
  guests: {
    modules: ['core', 'access', 'accounts', 'sessions', 'tokens', 'mail', 'throttling', 'audit'],
    packages: [],
  },
  providers: {
    modules: [
      'core',
      'access',
      'accounts',
      'audit',
      'factors',
      'mail',
      'passwords',
      'throttling',
      'tokens',
    ],
    packages: ['jose', 'openid-client', 'undici'],
  },
  'email-sign-in': {
    modules: [
      'core',
      'access',
      'accounts',
      'audit',
      'factors',
      'mail',
      'passwords',
      'throttling',
      'tokens',
    ],
    packages: [],
  },
  // What administrators do to accounts that are not their own.
  administration: {
    modules: ['core', 'access', 'accounts', 'audit', 'mail', 'passwords', 'sessions', 'tokens'],
    packages: ['zod'],
  },
  observability: {
    modules: ['core'],
    packages: [
      'pino',
      'prom-client',
      ...[
        'api',
        'context-async-hooks',
        'core',
        'exporter-trace-otlp-http',
        'instrumentation-pg',
        'instrumentation-undici',
        'resources',
        'sdk-trace',
      ].map((part) => `@opentelemetry/${part}`),
    ],
  },
  // It reads the roles that access then applies, and the providers that are asked then.
  config: { modules: ['core', 'access', 'providers'], packages: ['yaml', 'zod'] },
  db: {
    modules: ['core', ...domains, 'migrations'],
    packages: [
      'typeorm',
      'pg',
      'ioredis',
      'dataloader',
      '@electric-sql/pglite',
      '@electric-sql/pglite-prepopulatedfs',
    ],
  },
  migrations: { modules: [], packages: ['typeorm'] },
  federation: {
    modules: ['core', 'keys', 'tokens', 'subgraph'],
    packages: [
      'graphql',
      '@graphql-hive/router-query-planner',
      '@theguild/federation-composition',
      'jsonwebtoken',
      // Its type alone: the engine is Apollo Server's `gateway`.
      '@apollo/server',
      'graphql-ws',
      'ws',
      'undici',
      'zod',
    ],
  },
  graphql: {
    modules: ['core', ...domains],
    packages: [
      'graphql',
      'graphql-scalars',
      'type-graphql',
      'reflect-metadata',
      'dataloader',
      'bowser',
    ],
  },
  http: {
    modules: belowHttp,
    packages: [
      'express',
      'cookie-parser',
      'helmet',
      '@apollo/server',
      '@apollo/utils.keyvaluecache',
      'graphql',
      'graphql-jit',
      'graphql-ws',
      'ws',
      'dataloader',
      'zod',
    ],
  },
  // The composition root outgrew one file: `wiring` has a file an area, gateway.ts puts them together.
  wiring: { modules: [...belowWiring, 'http'], packages: ['graphql', 'undici', 'uuid'] },
  'gateway.ts': { modules: [...belowWiring, 'http', 'wiring'], packages: ['graphql', 'undici'] },
  // How a start waits, what it prints and how a signal stops it: main.ts and the command line share it.
  // It begins to open the embedded database while the gateway is being loaded.
  'start.ts': {
    modules: [
      'config',
      'core',
      'db',
      'free-port.ts',
      'gateway.ts',
      'observability',
      'process-end.ts',
      'process-signals.ts',
      'welcome.ts',
      'workers',
    ],
    packages: [],
  },
  'process-end.ts': { modules: ['observability', 'process-signals.ts'], packages: [] },
  'process-signals.ts': { modules: [], packages: [] },
  // The first of several processes: it starts the others and sums up their metrics.
  workers: {
    modules: ['config', 'core', 'http', 'observability', 'process-end.ts', 'process-signals.ts'],
    packages: [],
  },
  // What it shows to be tried is what GraphiQL opens with.
  'welcome.ts': { modules: ['config', 'graphql'], packages: [] },
  'failure-text.ts': { modules: ['core'], packages: [] },
  'free-port.ts': { modules: [], packages: [] },
  'environment-file.ts': { modules: ['core'], packages: [] },
  'run.ts': { modules: ['environment-file.ts', 'failure-text.ts', 'start.ts'], packages: [] },
  'compile-cache.ts': { modules: [], packages: [] },
  'node-version.ts': { modules: ['compile-cache.ts'], packages: [] },
  'main.ts': { modules: ['node-version.ts', 'run.ts'], packages: [] },
  // The command `gatehouse`.
  'command.ts': { modules: ['cli', 'node-version.ts'], packages: [] },
  // A command is a small composition root of its own, over one use case and the database.
  cli: {
    modules: [
      'core',
      ...domains,
      'config',
      'db',
      'federation',
      'graphql',
      'environment-file.ts',
      'failure-text.ts',
      'gateway.ts',
      'start.ts',
    ],
    packages: ['cli-progress', 'commander', 'uuid', 'zod'],
  },
};

/** It imports what the team's settings name, which no table can know. */
const teamsOwnModule = 'src/wiring/load-policy-module.ts';

describe('the import table', () => {
  const files = ['src', 'migrations']
    .flatMap(sourceFilesBelow)
    .filter((file) => file !== teamsOwnModule);

  it('finds the source', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it.each([...new Set(files.map(moduleOf))])('holds in %s', (module) => {
    const own = files.filter((file) => moduleOf(file) === module);
    const refusals = own.flatMap((file) => forbiddenImports(file, readFileSync(file, 'utf8')));
    expect(refusals).toEqual([]);
  });

  it.each([
    "import { DataSource } from 'typeorm';",
    "import type { DataSource } from 'typeorm';",
    "import 'typeorm';",
    "import orm = require('typeorm');",
    "export { DataSource } from 'typeorm';",
    "export * from 'typeorm';",
    "type Source = import('typeorm').DataSource;",
    "const orm = await import('typeorm');",
    "import { DataSource } from 'typeorm/data-source';",
  ])('refuses in a domain file: %s', (source) => {
    const [refusal, ...others] = forbiddenImports('src/accounts/invented.ts', source);
    expect(refusal).toMatch(/^src\/accounts\/invented\.ts imports typeorm/);
    expect(others).toEqual([]);
  });

  it.each([
    ['src/core/invented.ts', '../accounts/account.ts', 'core must not know a domain'],
    ['src/accounts/invented.ts', '../sessions/session.ts', 'accounts stand below sessions'],
    ['src/sessions/invented.ts', '../db/database.ts', 'a domain knows no database'],
    ['src/sessions/invented.ts', 'express', 'a domain knows no transport'],
    ['src/graphql/sessions/invented.ts', '../../http/cookies.ts', 'GraphQL knows no HTTP'],
    ['src/http/invented.ts', '../db/database.ts', 'HTTP knows no database'],
    ['src/db/stores/invented.ts', '../../gateway.ts', 'nothing below knows the root'],
    ['src/subgraph/invented.ts', '../core/clock.ts', 'what is published stands alone'],
    ['src/invented/invented.ts', 'node:fs', 'a new module needs a row in the table'],
  ])('refuses in %s an import of %s: %s', (file, specifier) => {
    expect(forbiddenImports(file, `import '${specifier}';`)).toHaveLength(1);
  });

  it('allows what a module is made of, and Node', () => {
    const source = `
      import { readFileSync } from 'node:fs';
      import jwt from 'jsonwebtoken';
      import type { Clock } from '../core/clock.ts';
      import { refreshTokenHash } from './refresh-token.ts';`;
    expect(forbiddenImports('src/tokens/invented.ts', source)).toEqual([]);
  });

  it('refuses an import that nobody can check', () => {
    const source = 'const name = process.argv[2]; await import(name);';
    expect(() => forbiddenImports('src/core/invented.ts', source)).toThrow('computed');
  });
});

/** The imports of a file that the table does not allow. */
function forbiddenImports(file: string, source: string): readonly string[] {
  const own = moduleOf(file);
  const allowed = table[own];
  if (!allowed) return [`${file} belongs to no module of the table`];
  return importsOf(file, source).flatMap((specifier) => {
    if (specifier.startsWith('node:')) return [];
    const isOurs = specifier.startsWith('.');
    const target = isOurs
      ? moduleOf(posix.join(posix.dirname(file), specifier))
      : packageOf(specifier);
    const isAllowed = isOurs
      ? target === own || allowed.modules.includes(target)
      : allowed.packages.includes(target);
    return isAllowed ? [] : [`${file} imports ${specifier}: ${own} may not import ${target}`];
  });
}

function moduleOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'src' ? second : first;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function sourceFilesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'));
}
