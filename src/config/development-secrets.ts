import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartError } from '../core/start-error.ts';

const secretsFile = z.object({
  refreshTokenSecret: z.string().min(32),
  keyEncryptionSecret: z.string().min(32),
});

/** Secrets that a development machine made for itself. Production never reads them. */
export type DevelopmentSecrets = z.infer<typeof secretsFile>;

/** Those that a start has made; undefined where none has. */
export function madeSecrets(dataDir: string): DevelopmentSecrets | undefined {
  const file = join(dataDir, 'secrets.json');
  return existsSync(file) ? readSecrets(file) : undefined;
}

/**
 * Reads the development secrets from `<dataDir>/secrets.json`, and makes them on the first start.
 * Processes that start at once agree: only one creates the file, the others read it.
 */
export function developmentSecrets(dataDir: string): DevelopmentSecrets {
  const file = join(dataDir, 'secrets.json');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const fresh: DevelopmentSecrets = {
    refreshTokenSecret: randomBytes(48).toString('base64url'),
    keyEncryptionSecret: randomBytes(48).toString('base64url'),
  };
  try {
    writeFileSync(file, `${JSON.stringify(fresh, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readSecrets(file);
  }
}

function readSecrets(file: string): DevelopmentSecrets {
  try {
    return secretsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new StartError(
      `${file} does not hold the secrets of development any more. Put it back, or remove it: then new ones are made, and everybody has to log in again.`,
    );
  }
}
