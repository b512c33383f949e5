import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { variables } from '../../src/config/variables.ts';
import { buildFolder } from '../support/build.ts';

const page = readFileSync('docs/deploy.md', 'utf8');
const unit = readFileSync('deploy/gatehouse.service', 'utf8');
const containerfile = readFileSync('deploy/Containerfile', 'utf8');
const compose = parse(readFileSync('deploy/compose.yaml', 'utf8'));

/** A machine that has systemd or Podman tries the files; here they are held against the code and the page. */
describe('the files in deploy/', () => {
  const production = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://auth.example.com',
    DATABASE_URL: 'postgres://gatehouse@127.0.0.1/gatehouse',
    REFRESH_TOKEN_SECRET: randomBytes(48).toString('base64'),
    KEY_ENCRYPTION_SECRET: randomBytes(48).toString('base64'),
  };
  const { shutdown } = readConfig(production);
  /** Seconds: the two waits, and what closing may take. */
  const stop = (shutdown.delay + shutdown.timeout) / 1_000 + 5;

  it('give a stop the time that it may take', () => {
    const unitSeconds = Number(/^TimeoutStopSec=(\d+)s$/m.exec(unit)?.[1]);
    expect(unitSeconds).toBeGreaterThanOrEqual(stop);
    const { stop_grace_period: grace } = compose.services.gatehouse;
    expect(Number.parseInt(grace, 10)).toBeGreaterThanOrEqual(stop);
  });

  it('start programs that the package has', () => {
    const programs = [unit, containerfile].map(
      (text) => /node_modules\/graphql-gatehouse\/dist\/(src\/\w+\.js)/.exec(text)?.[1] ?? 'none',
    );
    expect(programs).toEqual(['src/main.js', 'src/command.js']);
    for (const program of programs) expect(existsSync(join(buildFolder, program))).toBe(true);
  });

  it('read the settings where the page writes them', () => {
    const [, file = ''] = /^EnvironmentFile=(.+)$/m.exec(unit) ?? [];
    expect(page).toContain(`cat > ${file} <<END`);
    expect(unit).toContain('WorkingDirectory=/etc/gatehouse');
    expect(containerfile).toContain('WORKDIR /etc/gatehouse');
    expect(page).toContain(compose.services.gatehouse.env_file);
  });

  it('set and name no variable that there is not', () => {
    const [, block = ''] = /gatehouse\.env <<END\n([\s\S]*?)\nEND/.exec(page) ?? [];
    const named = [
      ...[...block.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name),
      ...Object.keys(compose.services.gatehouse.environment),
      ...[...containerfile.matchAll(/^ENV (\w+)=/gm)].map(([, name = '']) => name),
    ];
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !(name in variables))).toEqual([]);
  });
});
