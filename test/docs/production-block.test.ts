import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { buildFolder } from '../support/build.ts';
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
    expect(await runBuilt(['command.js', 'config', 'check'], folder, env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('BCRYPT_COST must be at least 10 in production'),
    });
    expect(
      await runBuilt(['command.js', 'config', 'check'], folder, { ...env, BCRYPT_COST: '10' }),
    ).toMatchObject({ code: 0, stdout: 'The configuration is good (production).\n' });
  });
});

describe("docs/deploy.md's block for commands", () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-commands-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives them the settings as they stand in the file, an address with & too', () => {
    const url =
      'postgres://a:b@db.example.com/gatehouse?sslmode=require&application_name=gatehouse';
    const secrets = ['REFRESH_TOKEN_SECRET', 'KEY_ENCRYPTION_SECRET'].map(
      (name) => `${name}=${name}-${'0123456789'.repeat(4)}`,
    );
    writeFileSync(
      join(folder, 'gatehouse.env'),
      [
        'NODE_ENV=production',
        'PUBLIC_URL=https://auth.example.com',
        `DATABASE_URL=${url}`,
        ...secrets,
        '',
      ].join('\n'),
    );
    const [, block = ''] =
      /```sh\n(cd \/etc\/gatehouse\n[\s\S]*?)gatehouse keys list/.exec(
        readFileSync('docs/deploy.md', 'utf8'),
      ) ?? [];
    const here = block
      .replaceAll('/etc/gatehouse', folder)
      .replace('/opt/gatehouse/node_modules/graphql-gatehouse/dist', resolve(buildFolder));
    const said = execFileSync('/bin/sh', ['-ec', `${here}\necho "$DATABASE_URL"`], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    expect(said).toBe(`The configuration is good (production).\n${url}\n`);
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
