import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { LoginDocument, MeDocument, RegisterDocument } from '../generated/graphql.ts';
import { buildFolder } from '../support/build.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { runBuilt, startDevelopmentServer } from '../support/plain-node.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { waitUntil } from '../support/wait-until.ts';

const patience = 180_000;

describe('an operator at the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-operator-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const gatehouse = (line: string, env: Readonly<Record<string, string>> = {}) =>
    runBuilt(['command.js', ...line.split(' ')], folder, env);

  it(
    'is told the version',
    async () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
      expect(await gatehouse('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
    },
    patience,
  );

  it.each([
    'users list',
    'users show ada',
    'users grant-role ada admin',
    'users export',
    'sessions list ada',
    'sessions prune',
    'keys list',
    'keys rotate',
    'keys reseal',
    'migrate up',
    'migrate status',
    'migrate distribute',
  ])(
    'makes no database in a folder that holds none: %s',
    async (line) => {
      const { code, stdout, stderr } = await gatehouse(line);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^There is no database here: .*Is this the right folder\?.*\n$/);
      expect(readdirSync(folder)).toEqual([]);
    },
    patience,
  );

  it(
    'makes no secrets by checking the configuration',
    async () => {
      expect(await gatehouse('config check')).toMatchObject({ code: 0 });
      expect(readdirSync(folder)).toEqual([]);
    },
    patience,
  );

  it(
    'sees people and sessions, and ends one session of a running server',
    async () => {
      const server = await startDevelopmentServer(folder, {});
      const client = createTestClient(server.origin);
      const input = { email: freshEmail(), password: goodPassword };
      const first = dataOf(await client.send(RegisterDocument, { input })).register;
      const credentials = { identifier: input.email, password: goodPassword };
      const stolen = dataOf(await client.send(LoginDocument, { input: credentials })).login;

      const list = await gatehouse('users list --search ada');
      expect(list.stdout).toContain(`${first.user.id}  ${input.email}  -  user  not proved`);
      const shown = await gatehouse(`users show ${input.email}`);
      expect(shown.stdout).toMatch(/^id {10}[\w-]+\naddress {5}ada.*, not proved\n/);
      expect(shown.stdout).toContain(stolen.session.id);
      const sessions = await gatehouse(`sessions list ${input.email} --json`);
      expect(JSON.parse(sessions.stdout)).toMatchObject([
        { id: stolen.session.id, userId: first.user.id },
        { id: first.session.id },
      ]);

      expect((await gatehouse(`sessions revoke ${stolen.session.id} --dry-run`)).stdout).toBe(
        '1 session would end.\n',
      );
      const ended = await gatehouse(`sessions revoke ${stolen.session.id} --reason stolen`);
      expect(ended).toMatchObject({ code: 0, stdout: '1 session ended.\n', stderr: '' });
      const me = (accessToken: string) => client.send(MeDocument, {}, { accessToken });
      // The embedded database passes no notification on: the server looks twice a second.
      await waitUntil(async () => (await me(stolen.accessToken)).errors.length > 0);
      expect(refusalOf(await me(stolen.accessToken))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      dataOf(await me(first.accessToken));
      await server.end('SIGTERM');
    },
    patience,
  );

  it(
    'is answered in sentences, whatever they got wrong',
    async () => {
      const server = await startDevelopmentServer(folder, {});
      writeFileSync(join(folder, 'bad.graphql'), 'type {');
      const file = (name: string) => join(folder, name);
      const sentences: [string, RegExp][] = [
        ['users show nobody@example.com', /^There is no such user\.\n$/],
        ['users list --role adminn', /^There is no such role\. There are: admin, user\.\n$/],
        ['users import missing.ndjson', /^missing\.ndjson does not exist\.\n$/],
        ['users import .', /^\. is a folder, and a file is needed\.\n$/],
        ['users export --after nobody', /^--after must be the id of an account\.\n$/],
        ['users export --output bad.graphql', /^bad\.graphql exists already: .*\n$/],
        [`schema coverage ${file('none')}`, /none does not exist\.\n$/],
        [
          'schema coverage bad.graphql',
          /^The subgraphs do not compose:\n {2}- Syntax Error: .*\n$/,
        ],
        ['sessions revoke nothing', /^A session is named by its id: .*\n$/],
        ['sessions revoke', /^Say which sessions: .*\n$/],
        ['sessions revoke --role adminn', /^There is no such role\. There are: admin, user\.\n$/],
        ['sessions revoke --network here', /^A network is an address, or .*\n$/],
      ];
      const email = freshEmail();
      await createTestClient(server.origin).send(RegisterDocument, {
        input: { email, password: goodPassword },
      });
      sentences.push([
        `users grant-role ${email} boss`,
        /^There is no such role\. There are: admin/,
      ]);
      for (const [line, sentence] of sentences) {
        const { code, stderr } = await gatehouse(line);
        expect({ line, code }).toEqual({ line, code: 1 });
        expect(stderr).toMatch(sentence);
        expect(stderr).not.toMatch(/\n {4}at |[a-z]Error:/);
      }
      expect(await gatehouse('sessions revoke --opened-before yesterday')).toMatchObject({
        code: 2,
      });
      await server.end('SIGTERM');
    },
    patience,
  );

  it(
    'reads standard input for -, and a file with a byte order mark',
    async () => {
      const server = await startDevelopmentServer(folder, {});
      const [piped, marked] = [freshEmail('piped'), freshEmail('marked')];
      const child = spawn(
        process.execPath,
        [resolve(buildFolder, 'src', 'command.js'), 'users', 'import', '-'],
        { cwd: folder, env: { PATH: process.env.PATH }, stdio: ['pipe', 'pipe', 'pipe'] },
      );
      child.stdin.end(`\uFEFF${JSON.stringify({ email: piped })}\n`);
      const [[code], stdout] = await Promise.all([once(child, 'close'), text(child.stdout)]);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: '1 lines: 1 accounts imported, 0 there already, 0 lines refused.\n',
      });
      writeFileSync(
        join(folder, 'people.ndjson'),
        `\uFEFF${JSON.stringify({ email: marked })}\r\n`,
      );
      expect(await gatehouse('users import people.ndjson')).toMatchObject({ code: 0, stderr: '' });
      expect((await gatehouse('users list')).stdout).toContain(marked);
      await server.end('SIGTERM');

      writeFileSync(join(folder, '.env'), '\uFEFFPORT=many\n');
      expect((await gatehouse('config check')).stderr).toContain('PORT must be a whole number');
      rmSync(join(folder, '.env'));
      writeFileSync(join(folder, 'gatehouse.yaml'), '\uFEFFroles: { editor: {} }\n');
      expect(await gatehouse('config check')).toMatchObject({ code: 0, stderr: '' });
    },
    patience,
  );

  it(
    'is told of a misspelt variable by its name',
    async () => {
      const env = { DATABSE_URL: 'postgres://ada:geheim@db/app' };
      expect(await gatehouse('config check', env)).toMatchObject({
        code: 0,
        stderr: 'DATABSE_URL means nothing here: DATABASE_URL?\n',
      });
    },
    patience,
  );

  it(
    'reads the beginning of a long answer, and hears of no broken pipe',
    async () => {
      const child = spawn(
        process.execPath,
        [resolve(buildFolder, 'src', 'command.js'), 'schema', 'print'],
        {
          cwd: folder,
          env: { PATH: process.env.PATH },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      child.stdout.destroy();
      const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
    patience,
  );
});
