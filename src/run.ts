import { readEnvironmentFile } from './environment-file.ts';
import { failureText } from './failure-text.ts';
import { start } from './start.ts';

try {
  readEnvironmentFile();
  await start();
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`);
  process.exit(1);
}
