import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { runBuilt } from '../support/plain-node.ts';

describe("README's block for production", () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-production-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Without its last line, which starts the server. */
  const paste = () => {
    const [block = ''] =
      readFileSync('README.md', 'utf8').match(/^test -e gatehouse\.env[\s\S]*?^\)$/m) ?? [];
    execFileSync('/bin/sh', ['-c', block], { cwd: folder });
    return readFileSync(join(folder, 'gatehouse.env'), 'utf8');
  };

  it('makes secrets once, however often it is pasted, for their owner alone', async () => {
    const first = paste();
    expect(paste()).toBe(first);
    expect(statSync(join(folder, 'gatehouse.env')).mode & 0o077).toBe(0);
    const env = Object.fromEntries(
      Object.entries(parseEnv(first)).map(([name, value]) => [name, value ?? '']),
    );
    expect(env.REFRESH_TOKEN_SECRET).toHaveLength(64);
    expect(env.REFRESH_TOKEN_SECRET).not.toBe(env.KEY_ENCRYPTION_SECRET);
    expect(await runBuilt(['cli/main.js', 'config', 'check'], folder, env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('BCRYPT_COST must be at least 10 in production'),
    });
    expect(
      await runBuilt(['cli/main.js', 'config', 'check'], folder, { ...env, BCRYPT_COST: '10' }),
    ).toMatchObject({ code: 0, stdout: 'The configuration is good (production).\n' });
  });
});

describe('what is said of code generators', () => {
  it('holds: the plugin typescript writes both enums of the errors, the client preset neither', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-codegen-'));
    const config = join(folder, 'codegen.cjs');
    const output = join(folder, 'errors.ts');
    const [, said] =
      /`'errors\.ts': (\{ schema, plugins: .*? \} \})`/.exec(
        readFileSync('docs/errors.md', 'utf8'),
      ) ?? [];
    writeFileSync(
      config,
      `const schema = ${JSON.stringify(join(process.cwd(), 'src/graphql/schema.graphql'))};
       module.exports = { generates: { ${JSON.stringify(output)}: ${said} } };`,
    );
    execFileSync(process.execPath, [
      'node_modules/@graphql-codegen/cli/cjs/bin.js',
      '--config',
      config,
    ]);
    const written = readFileSync(output, 'utf8');
    rmSync(folder, { recursive: true });
    for (const name of ['ErrorCode', 'ErrorReason']) {
      expect(written).toMatch(new RegExp(`^export type ${name} =`, 'm'));
      expect(readFileSync('test/generated/graphql.ts', 'utf8')).not.toMatch(`type ${name} =`);
    }
  });
});
