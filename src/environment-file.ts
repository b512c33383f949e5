import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { withoutByteOrderMark } from './core/text.ts';

/**
 * Reads `.env` in the folder where the process was started, where there is one. What is set outside
 * wins. Node's own reading takes a byte order mark for a part of the first name.
 */
export function readEnvironmentFile(): void {
  const text = contentOf('.env');
  if (text === undefined) return;
  for (const [name, value] of Object.entries(parseEnv(withoutByteOrderMark(text)))) {
    process.env[name] ??= value;
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
