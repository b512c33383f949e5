import { existsSync } from 'node:fs';
import { failureText } from './failure-text.ts';
import { start } from './start.ts';

try {
  if (existsSync('.env')) process.loadEnvFile();
  await start();
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`);
  process.exit(1);
}
