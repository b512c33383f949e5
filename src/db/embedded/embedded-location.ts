import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../../core/start-error.ts';

/** Where an embedded database keeps its data, where it listens, and the name that only one may hold. */
export interface EmbeddedLocation {
  readonly dataFolder: string;
  readonly socketFolder: string;
  readonly socket: string;
  readonly lock: string;
}

/**
 * The location that belongs to a data directory. The socket stands in the temporary folder, because
 * the path of a socket may have about 100 bytes only.
 *
 * Attack: another user of the machine reads or writes the database. A TCP port would be open to all
 * of them; a socket in a folder that only we may enter is not. A folder that somebody else made under
 * our name is refused.
 */
export function embeddedLocation(dataDir: string): EmbeddedLocation {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const identity = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  const name = `gatehouse-${process.getuid?.() ?? 'user'}-${identity}`;
  const socketFolder = join(tmpdir(), name);
  mkdirSync(socketFolder, { recursive: true, mode: 0o700 });
  const folder = lstatSync(socketFolder);
  if (
    !folder.isDirectory() ||
    (process.getuid && (folder.uid !== process.getuid() || folder.mode & 0o077))
  ) {
    throw new StartError(
      `${socketFolder} belongs to somebody else or is open to others; remove it.`,
    );
  }
  return {
    dataFolder: join(dataDir, 'postgres'),
    socketFolder,
    socket: join(socketFolder, '.s.PGSQL.5432'),
    lock: lockName(name, socketFolder),
  };
}

/** The kernel frees the first two by itself when their holder dies. */
function lockName(name: string, socketFolder: string): string {
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(socketFolder, 'lock');
}
