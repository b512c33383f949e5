import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type DocumentNode, parse } from 'graphql';
import type { AuditCase } from './case-results.ts';

/** A group of subgraphs with the operations that they have to answer together. */
export interface AuditSuite {
  readonly id: string;
  readonly subgraphs: readonly AuditSubgraph[];
  readonly tests: readonly AuditCase[];
  /** Composes with the library that the audit composes with. @throws Error with what it says */
  readonly compose: (subgraphs: readonly AuditSubgraph[]) => string;
}

export interface AuditSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

interface Composition {
  readonly composeServices: (
    services: readonly { name: string; url: string; typeDefs: DocumentNode }[],
  ) => { readonly supergraphSdl?: string; readonly errors?: readonly Error[] };
}

/** The audit's own server listens on all addresses; its router is served on the loopback one alone. */
const serveOnLoopback = `
  import { createServer } from 'node:http';
  import { createRouter } from './src/index.ts';
  const server = createServer(createRouter()).listen(0, '127.0.0.1', () => {
    console.log('listens on ' + server.address().port);
  });
`;

/** Starts the subgraphs of an installed checkout of the audit. */
export async function openAudit(checkout: string) {
  // Out of the checkout: it is no dependency of ours.
  const composition = join(checkout, 'node_modules/@apollo/composition');
  const { composeServices } = createRequire(import.meta.url)(composition) as Composition;
  const server = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', serveOnLoopback],
    { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(server, 'exit');
  const port = await Promise.race([
    portOf(server),
    ended.then(() => Promise.reject(new Error('the server of the audit ended'))),
  ]);
  const origin = `http://127.0.0.1:${port}`;
  const read = async (path: string) => {
    const answer = await fetch(`${origin}${path}`, { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new Error(`the audit answers ${answer.status} to ${path}`);
    return answer.json();
  };
  const compose = (subgraphs: readonly AuditSubgraph[]) => {
    const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
    const { supergraphSdl, errors = [] } = composeServices(services);
    if (supergraphSdl === undefined) {
      throw new Error(errors.map(({ message }) => message).join('\n'));
    }
    return supergraphSdl;
  };
  return {
    async suites(): Promise<readonly AuditSuite[]> {
      const ids: readonly string[] = await read('/ids');
      return Promise.all(
        ids.map(async (id) => ({
          id,
          subgraphs: await read(`/${id}/subgraphs`),
          tests: await read(`/${id}/tests`),
          compose,
        })),
      );
    },
    async stop() {
      server.kill();
      await ended;
    },
  };
}

function portOf({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) throw new Error('the output is no pipe');
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const found = /^listens on (\d+)$/.exec(line);
      if (found) resolve(Number(found[1]));
    });
  });
}
