import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { programFile } from '../../core/program-file.ts';
import { StartError } from '../../core/start-error.ts';
import { embeddedLocation } from './embedded-location.ts';
import type { EmbeddedServerMessage } from './embedded-server.ts';

export interface EmbeddedDatabase {
  /** The folder of the socket that it listens on. */
  readonly socketFolder: string;
  /** Tells when it dies by itself. */
  readonly onExit: (listener: () => void) => void;
  /** Closes it, with everything written. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL compiled to WebAssembly (PGlite) in a child process, with its data below
 * `dataDir`. It has no fsync: a killed process loses nothing, a power cut may lose the last commits.
 *
 * @throws StartError when another process uses the data directory, or the data can't be read
 */
export async function startEmbeddedDatabase(dataDir: string): Promise<EmbeddedDatabase> {
  const { socketFolder } = embeddedLocation(dataDir);
  const { path, loader } = programFile(import.meta.url, 'embedded-server');
  const child = fork(path, [dataDir], { execArgv: [...loader] });
  await readiness(child);

  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    socketFolder,
    onExit(listener) {
      if (hasExited()) listener();
      else child.once('exit', listener);
    },
    async stop() {
      child.removeAllListeners('exit');
      if (hasExited()) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** Whether a start has made an embedded database in this data directory. */
export function hasEmbeddedDatabase(dataDir: string): boolean {
  return existsSync(join(dataDir, 'postgres', 'PG_VERSION'));
}

/** The embedded database of a data directory: the one that runs already, or else a new one. */
export async function reachEmbeddedDatabase(dataDir: string): Promise<EmbeddedDatabase> {
  const { socket, socketFolder } = embeddedLocation(dataDir);
  if (await answers(socket)) return { socketFolder, onExit: () => {}, stop: async () => {} };
  return startEmbeddedDatabase(dataDir);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function readiness(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () =>
      reject(new StartError('The embedded database stopped while it started.')),
    );
    child.once('message', (message: EmbeddedServerMessage) => {
      child.removeAllListeners('exit');
      if (message.kind === 'ready') resolve();
      else reject(new StartError(message.message));
    });
  });
}
