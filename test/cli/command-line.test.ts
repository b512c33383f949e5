import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuilt } from '../support/plain-node.ts';
import { databaseVariables, testDatabase, workerDataDir } from '../support/test-databases.ts';

const patience = 120_000;
const commands = ['start', 'migrate', 'users', 'sessions', 'keys', 'schema', 'config'];

describe('the command line of the build', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const gatehouse = (line: string, env: Readonly<Record<string, string>> = {}) =>
    runBuilt(['command.js', ...line.split(' ').filter(Boolean)], folder, env);

  it(
    'explains itself, and each command, with exit code 0',
    async () => {
      const all = await gatehouse('--help');
      expect(all).toMatchObject({ code: 0, stderr: '' });
      for (const command of commands) {
        expect(all.stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
        const one = await gatehouse(`${command} --help`);
        expect(one).toMatchObject({ code: 0, stderr: '' });
        expect(one.stdout).toMatch(new RegExp(`^Usage: gatehouse ${command} `));
      }
    },
    patience,
  );

  it.each(['', 'nonsense', 'keys', 'keys nonsense', '--nonsense', 'keys rotate --nonsense'])(
    'answers a wrong use with the help and exit code 2: gatehouse %s',
    async (line) => {
      const { code, stdout, stderr } = await gatehouse(line);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain('Usage: gatehouse');
    },
    patience,
  );

  it(
    'prints the schema that is committed',
    async () => {
      const { code, stdout } = await gatehouse('schema print');
      expect(code).toBe(0);
      expect(stdout).toBe(readFileSync('src/graphql/schema.graphql', 'utf8'));
    },
    patience,
  );

  it(
    'prints the schema, alone and as a subgraph, under the names of gatehouse.yaml',
    async () => {
      writeFileSync(join(folder, 'gatehouse.yaml'), 'names: { User: Account, me: viewer }\n');
      expect((await gatehouse('schema print')).stdout).toContain('viewer: Account');
      const { code, stdout } = await gatehouse('schema subgraph');
      expect(code).toBe(0);
      expect(stdout).toContain('type Account @key(fields: "id")');
      writeFileSync(join(folder, 'gatehouse.yaml'), 'names: { me: false }\n');
      for (const line of ['schema subgraph', 'config check']) {
        expect(await gatehouse(line)).toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringContaining("me can have another name, and can't be left out"),
        });
      }
    },
    patience,
  );

  it(
    'reads .env, and what is set outside wins',
    async () => {
      writeFileSync(join(folder, '.env'), 'PORT=many\n');
      expect(await gatehouse('config check')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'The configuration has problems:\n  - PORT must be a whole number\n',
      });
      const overruled = await gatehouse('config check --json', { PORT: '4001' });
      expect(JSON.parse(overruled.stdout)).toEqual({ ok: true, mode: 'development' });
    },
    patience,
  );

  it(
    'names the texts of pages that no page has, and those that are said in English',
    async () => {
      writeFileSync(join(folder, 'fr.yaml'), 'signIn.titel: Connexion\n');
      writeFileSync(join(folder, 'texts.yaml'), 'pages: { texts: { fr: fr.yaml } }\n');
      const env = { GATEHOUSE_CONFIG: join(folder, 'texts.yaml'), PORT: '4001' };
      const { code, stderr } = await gatehouse('config check', env);
      expect(code).toBe(0);
      expect(stderr).toContain('pages.texts.fr: no page has: signIn.titel\n');
      expect(stderr).toMatch(/pages\.texts\.fr: said in English: .*\bsignIn\.title\b/);
    },
    patience,
  );

  it(
    'says in one line that the database is away, with exit code 1',
    async () => {
      const url = 'postgres://ada:geheim@127.0.0.1:1/test';
      expect(await gatehouse('migrate status', { DATABASE_URL: url })).toMatchObject({
        code: 1,
        stdout: '',
        stderr:
          'The database does not answer: connect ECONNREFUSED 127.0.0.1:1. Is DATABASE_URL right?\n',
      });
    },
    patience,
  );

  it(
    'works beside a running gateway on the same database',
    async () => {
      const database = testDatabase();
      const env: Readonly<Record<string, string>> =
        'url' in database
          ? databaseVariables(database)
          : { DATA_DIR: workerDataDir(Number(process.env.JEST_WORKER_ID)) };
      const status = await gatehouse('migrate status --json', env);
      expect(status).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(status.stdout)).toContainEqual({
        name: 'CreateUsers1767225600001',
        hasRun: true,
      });
      const pruned = await gatehouse('sessions prune --json', env);
      expect(JSON.parse(pruned.stdout)).toEqual({ deleted: expect.any(Number) });
      const keys = await gatehouse('keys list --json', env);
      expect(JSON.parse(keys.stdout)).toEqual(expect.any(Array));
    },
    patience,
  );
});
