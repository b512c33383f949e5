import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildFolder } from './support/build.ts';
import { runBuilt } from './support/plain-node.ts';

describe('what Node has compiled', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-compiled-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A Node that says where it is asked to keep it, whichever this one is. */
  const run = (env: Readonly<Record<string, string>> = {}) => {
    const pretend = join(folder, 'pretend.cjs');
    writeFileSync(
      pretend,
      `require('node:module').enableCompileCache = (folder) => console.log('kept in ' + folder);`,
    );
    return runBuilt(['command.js', '--version'], folder, {
      NODE_OPTIONS: `--require ${pretend}`,
      ...env,
    });
  };

  it('is kept beside the build, where nobody else can write, and never in a folder of all', async () => {
    const { code, stdout } = await run();
    expect(stdout).toContain(`kept in ${resolve(buildFolder, 'compile-cache')}\n`);
    expect(code).toBe(0);
  });

  it('is left to Node where its own variable names a folder', async () => {
    const { code, stdout } = await run({ NODE_COMPILE_CACHE: join(folder, 'cache') });
    expect(stdout).not.toContain('kept in');
    expect(code).toBe(0);
  });
});
