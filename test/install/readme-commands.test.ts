import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProgram, startProgram } from '../support/running-program.ts';

/** Milliseconds: it may have to build. */
const patience = 120_000;
const readme = readFileSync('README.md', 'utf8');

describe("the README's commands that start the server", () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-readme-'));
  const settings = (data: string) => ({
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: join(folder, data),
  });
  let server: RunningProgram | undefined;
  afterEach(() => server?.stop());
  afterAll(() => rmSync(folder, { recursive: true }));

  it(
    'npm start serves what the first minute asks for',
    async () => {
      expect(readme).toMatch(/^npm ci && npm start /m);
      server = startProgram('npm', ['start'], { cwd: process.cwd(), env: settings('development') });
      const [, port] = await server.line(/^Gatehouse listens on http:\/\/localhost:(\d+)/);
      expect(await ask(port, '/graphql?query={me{email}}')).toEqual({ data: { me: null } });
    },
    patience,
  );

  it(
    'the block for production starts what it wrote the secrets for',
    async () => {
      const [, block = ''] = /```sh\n(test -e gatehouse\.env[\s\S]*?)```/.exec(readme) ?? [];
      symlinkSync(join(process.cwd(), 'dist'), join(folder, 'dist'));
      // The database of the block is on another machine.
      const env = { ...settings('production'), DATABASE_URL: '', ALLOW_EMBEDDED: 'true' };
      server = startProgram('/bin/sh', ['-c', block], { cwd: folder, env });
      const [, port] = await server.line(/"port":(\d+).*"msg":"gateway\.started"/);
      expect(await ask(port, '/readyz')).toMatchObject({ status: 'ready' });
    },
    patience,
  );

  async function ask(port: string | undefined, path: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return response.json();
  }
});
