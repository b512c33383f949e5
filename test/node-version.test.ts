import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuilt } from './support/plain-node.ts';

const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const oldest: string = engines.node.replace('>=', '');

describe.each(['main.js', 'command.js'])('%s on an older Node', (program) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-node-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Node, with another version said of it. */
  const runOn = (version: string) => {
    const pretend = join(folder, 'pretend.cjs');
    writeFileSync(
      pretend,
      `Object.defineProperty(process.versions, 'node', { value: '${version}' });`,
    );
    return runBuilt([program, 'config', 'check'], folder, {
      NODE_OPTIONS: `--require ${pretend}`,
      NODE_ENV: 'production',
    });
  };

  it.each(['20.18.3', '18.20.8', '14.21.3'])('says so in one sentence: %s', async (version) => {
    expect(await runOn(version)).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `Gatehouse needs Node ${oldest} or later, and this is Node ${version}.\n`,
    });
  });

  it('goes on with the oldest that package.json allows', async () => {
    const { stderr } = await runOn(oldest);
    expect(stderr).toContain('The configuration has problems');
  });
});
