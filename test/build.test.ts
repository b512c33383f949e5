import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFolder } from './support/build.ts';

describe('the build', () => {
  it('makes nothing again of what has not changed, and says nothing', () => {
    const file = join(buildFolder, 'src', 'main.js');
    const before = statSync(file).mtimeMs;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['node_modules/tsx/dist/cli.mjs', 'scripts/build.ts', '--output', buildFolder],
      { encoding: 'utf8' },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it('says what it makes while it makes it, and how long that took', () => {
    const output = mkdtempSync(join(tmpdir(), 'gatehouse-build-'));
    const build = () =>
      spawnSync(
        process.execPath,
        ['node_modules/tsx/dist/cli.mjs', 'scripts/build.ts', '--pages', '--output', output],
        { encoding: 'utf8' },
      );
    try {
      const { status, stderr } = build();
      expect({ status, stderr }).toEqual({
        status: 0,
        stderr: expect.stringMatching(/^Building the pages….* \d+\.\d s\n$/),
      });
      expect(build().stderr).toBe('');
    } finally {
      rmSync(output, { recursive: true });
    }
  });

  it('of the tests is not the one from which servers run', () => {
    const tests = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.test.ts') || file.startsWith('support'),
    );
    const others = tests.filter(
      (file) =>
        file.endsWith('.ts') && /['"/]dist\/src\//.test(readFileSync(join('test', file), 'utf8')),
    );
    expect(buildFolder).not.toBe('dist');
    expect(others.filter((file) => file !== 'build.test.ts')).toEqual([]);
  });

  it('bundles no package under a licence that does not allow it, and keeps the text of each', () => {
    const licences = readFileSync(join(buildFolder, 'packages', 'LICENSES.txt'), 'utf8');
    expect(licences).toMatch(/^express \d.*: MIT$/m);
    expect(licences).toMatch(/^graphql \d.*: MIT$/m);
    expect(licences).not.toMatch(/: (Elastic|BUSL|AGPL|GPL|SSPL)/);
  });
});
