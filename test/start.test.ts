import { RegisterDocument } from './generated/graphql.ts';
import { type BuiltServer, startBuiltServer } from './support/built-server.ts';
import { loadedModules, tellsLoadedModules } from './support/loaded-modules.ts';
import { freshEmail, goodPassword } from './support/people.ts';
import { createTestClient, dataOf } from './support/test-client.ts';

/** What only some installations use, or what only a later moment needs. */
const notYet = [
  '@electric-sql/pglite/',
  '@graphql-hive/',
  '@node-rs/argon2/',
  '@opentelemetry/sdk-trace/',
  'ioredis/',
  'packages/graphql-jit.js',
  'packages/handlebars.js',
  'packages/nodemailer.js',
  'packages/theguild-federation-composition.js',
  'packages/undici.js',
  'packages/zxcvbn-ts-',
];

describe('a start of the built server', () => {
  let server: BuiltServer;
  let modules: readonly string[];
  beforeAll(async () => {
    server = await startBuiltServer({}, tellsLoadedModules);
    modules = await loadedModules(server);
  });
  afterAll(() => server.clean());

  it('has loaded nothing that it may never need', () => {
    expect(modules.filter((file) => notYet.some((part) => file.includes(part)))).toEqual([]);
  });

  it('has one copy of GraphQL', () => {
    const copies = modules.filter((file) => /node_modules\/(graphql|type-graphql)\//.test(file));
    expect(copies).toEqual([]);
    expect(modules.some((file) => file.endsWith('/packages/graphql.js'))).toBe(true);
  });
});

/** An operator limits the memory; a thread that is given such an option by name does not start (Node's rule). */
it('starts with options of Node that are for the whole process, and hashes', async () => {
  const server = await startBuiltServer({}, ['--max-old-space-size=512', '--expose-gc']);
  const input = { email: freshEmail(), password: goodPassword };
  const answer = await createTestClient(server.origin).send(RegisterDocument, { input });
  await server.clean();
  expect(dataOf(answer).register.user.email).toBe(input.email);
});
