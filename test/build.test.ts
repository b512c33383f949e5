import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
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
