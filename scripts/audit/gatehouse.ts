import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import type { AuditSuite } from './audit-server.ts';

/** How subgraphs come behind Gatehouse. */
export const ways = ['gatehouse.yaml', 'SUPERGRAPH'] as const;
export type Way = (typeof ways)[number];

type Names = Readonly<Record<string, string>>;

export type Served =
  | { readonly refused: readonly string[] }
  | { readonly url: string; readonly names: Names; readonly stop: () => Promise<void> };

const secrets = {
  REFRESH_TOKEN_SECRET: randomBytes(48).toString('base64'),
  KEY_ENCRYPTION_SECRET: randomBytes(48).toString('base64'),
};
/** More names than collide at once in any suite. */
const attempts = 5;

/**
 * Sets a suite up as its user would: names what collides as the error says, until nothing does.
 *
 * @param folder is kept from suite to suite, with the database in it
 */
export async function serveSuite(way: Way, suite: AuditSuite, folder: string): Promise<Served> {
  const home = mkdtempSync(join(folder, 'suite-'));
  let names: Names = {};
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const subgraphs = suite.subgraphs.map(({ name, url, sdl }) => {
      writeFileSync(join(home, `${name}.graphql`), sdl);
      return { name, url, schema: `${name}.graphql` };
    });
    writeFileSync(join(home, 'gatehouse.yaml'), stringify({ names, subgraphs }));
    const composed = await gatehouse(home, ['schema', 'supergraph']);
    const told = [...composed.stderr.matchAll(/Write "(\w+): (\w+)" under names/g)];
    if (told.length === 0) {
      if (way === 'SUPERGRAPH') return serveSupergraph(suite, home, names, folder);
      if (composed.code === 0) return { ...(await start(home, folder)), names };
      return { refused: composed.stderr.trim().split('\n').slice(1) };
    }
    names = {
      ...names,
      ...Object.fromEntries(told.map(([, ours = '', other = '']) => [ours, other])),
    };
  }
  throw new Error(`${suite.id}: still collides after ${attempts} attempts`);
}

async function serveSupergraph(
  suite: AuditSuite,
  home: string,
  names: Names,
  folder: string,
): Promise<Served> {
  const { code, stdout: sdl, stderr } = await gatehouse(home, ['schema', 'subgraph']);
  if (code !== 0) throw new Error(stderr);
  const auth = { name: 'gatehouse', url: 'http://gatehouse.invalid', sdl };
  try {
    writeFileSync(join(home, 'supergraph.graphql'), suite.compose([...suite.subgraphs, auth]));
  } catch (error) {
    return { refused: [String(error)] };
  }
  writeFileSync(join(home, 'gatehouse.yaml'), stringify({ names }));
  return { ...(await start(home, folder, { SUPERGRAPH: 'supergraph.graphql' })), names };
}

async function gatehouse(home: string, command: readonly string[]) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [resolve('dist/src/command.js'), ...command], {
    cwd: home,
    env: { PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { ...output, code: code as number };
}

/** The server of production, with nothing set but what it asks for. */
async function start(home: string, folder: string, more: Readonly<Record<string, string>> = {}) {
  const { PATH, DATABASE_URL = '' } = process.env;
  const server = spawn(process.execPath, [resolve('dist/src/main.js')], {
    cwd: home,
    env: {
      PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      PUBLIC_URL: 'http://localhost:4000',
      DATA_DIR: join(folder, 'data'),
      SHUTDOWN_DELAY: '0s',
      ...(DATABASE_URL === '' ? { ALLOW_EMBEDDED: 'true' } : { DATABASE_URL }),
      ...secrets,
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(server, 'exit');
  const output: string[] = [];
  createInterface({ input: server.stderr }).on('line', (line) => output.push(line));
  const port = await Promise.race([
    new Promise<number>((found) => {
      createInterface({ input: server.stdout }).on('line', (line) => {
        output.push(line);
        const { msg, port: told } = JSON.parse(line);
        if (msg === 'gateway.started') found(told);
      });
    }),
    ended.then(() => Promise.reject(new Error(`the server ended:\n${output.join('\n')}`))),
  ]);
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async stop() {
      server.kill();
      await ended;
    },
  };
}
