import { existsSync } from 'node:fs';
import { ConfigError } from './config/config-error.ts';
import { start } from './start.ts';

try {
  if (existsSync('.env')) process.loadEnvFile();
  await start();
} catch (error) {
  const text = error instanceof ConfigError ? error.message : stackOf(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
