import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuilt, startDevelopmentServer } from './support/plain-node.ts';

/** Milliseconds: a start takes seconds, and many more on a busy machine. */
const patience = 120_000;

describe('the built server, where it can not start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-refused-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it(
    'refuses a second start on the same data directory, and the same port, in one line',
    async () => {
      const server = await startDevelopmentServer(folder, {});
      const port = new URL(server.origin).port;
      const [sameData, samePort] = await Promise.all([
        runBuilt(['main.js'], folder, { PORT: '0' }),
        runBuilt(['main.js'], folder, { PORT: port, DATA_DIR: 'other' }),
      ]);
      await server.end('SIGKILL');
      expect(sameData).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr: expect.stringMatching(
          new RegExp(
            `^Another Gatehouse \\(process ${server.pid}\\) uses .*/\\.gatehouse\\. Stop it.*\\n$`,
          ),
        ),
      });
      expect(samePort).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr: `listen EADDRINUSE: address already in use 127.0.0.1:${port}. Another HOST or PORT may help.\n`,
      });
    },
    patience,
  );

  it('refuses production without what it needs, and names all of that at once', async () => {
    const { code, stdout, stderr } = await runBuilt(['main.js'], folder, {
      NODE_ENV: 'production',
      BCRYPT_COST: '4',
      REFRESH_TOKEN_SECRET: 'short',
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    const [heading, ...problems] = stderr.trimEnd().split('\n');
    expect(heading).toBe('The configuration has problems:');
    expect(problems.map((line) => /^ {2}- (\w+) /.exec(line)?.[1]).sort()).toEqual([
      'BCRYPT_COST',
      'DATABASE_URL',
      'KEY_ENCRYPTION_SECRET',
      'PUBLIC_URL',
      'REFRESH_TOKEN_SECRET',
    ]);
  });
});
