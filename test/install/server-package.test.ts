import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type EmptyProject, makeEmptyProject } from '../support/empty-project.ts';

/** Milliseconds: npm fetches what the package needs, and the server makes a database. */
const patience = 300_000;

const limits = { packages: 40, megabytes: 80 };

describe('graphql-gatehouse, packed and installed into an empty project', () => {
  let project: EmptyProject;
  let packed: readonly string[];
  beforeAll(async () => {
    project = makeEmptyProject();
    const tarball = await project.pack('.');
    await project.npm('install', '--prefer-offline', '--no-audit', '--no-fund', tarball);
    packed = filesBelow(join(project.folder, 'node_modules', 'graphql-gatehouse'));
  }, patience);
  afterAll(() => project.remove());

  it(`brings at most ${limits.packages} packages and ${limits.megabytes} MB`, () => {
    const modules = join(project.folder, 'node_modules');
    const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
    const count = Object.keys(packages).length;
    const bytes = filesBelow(modules).reduce(
      (sum, file) => sum + statSync(join(modules, file)).size,
      0,
    );
    process.stdout.write(`${count} packages, ${(bytes / 1e6).toFixed(1)} MB\n`);
    expect(count).toBeLessThanOrEqual(limits.packages);
    expect(bytes / 1e6).toBeLessThanOrEqual(limits.megabytes);
  });

  it('holds the build, README and licences, and no sources, tests or benches', () => {
    expect(packed.filter((file) => !/^dist\/(src|packages|pages)\//.test(file))).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(
      packed.filter((file) => /\.ts$|\.map$|\.test\.|(^|\/)(bench|test)\//.test(file)),
    ).toEqual([]);
    for (const part of ['packages', 'pages/account', 'pages/admin']) {
      expect(packed).toContain(`dist/${part}/LICENSES.txt`);
    }
  });

  it(
    'serves a registration: npx graphql-gatehouse start',
    async () => {
      const started = performance.now();
      const server = project.spawn('npx', ['graphql-gatehouse', 'start'], { PORT: '0' });
      const [, port] = await server.line(/^Gatehouse listens on http:\/\/localhost:(\d+)/);
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: `mutation { register(input: { email: "ada@example.com", password: "correct horse battery" }) { user { email } } }`,
        }),
      });
      process.stdout.write(
        `first answer after ${((performance.now() - started) / 1_000).toFixed(1)} s\n`,
      );
      expect(await response.json()).toEqual({
        data: { register: { user: { email: 'ada@example.com' } } },
      });
      const page = await fetch(`http://127.0.0.1:${port}/graphiql/graphiql.js`);
      expect(page.status).toBe(200);
      await server.stop();
      expect(existsSync(join(project.folder, '.gatehouse'))).toBe(true);
    },
    patience,
  );

  it('has the command gatehouse beside it, and one that npx finds by the name of the package', async () => {
    const [byPackage, byCommand] = await Promise.all([
      project.npm('exec', 'graphql-gatehouse', '--', '--help'),
      project.npm('exec', 'gatehouse', '--', '--help'),
    ]);
    expect(byPackage).toMatch(/^Usage: gatehouse /);
    expect(byCommand).toBe(byPackage);
  });
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
