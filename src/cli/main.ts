import { Command } from 'commander';
import { readEnvironmentFile } from '../environment-file.ts';
import { failureText } from '../failure-text.ts';
import { configCommand } from './config-command.ts';
import { keysCommand } from './keys-command.ts';
import { migrateCommand } from './migrate-command.ts';
import { providersCommand } from './providers-command.ts';
import { endWithReader } from './quiet-pipe.ts';
import { schemaCommand } from './schema-command.ts';
import { sessionsCommand } from './sessions-command.ts';
import { startCommand } from './start-command.ts';
import { usersCommand } from './users-command.ts';
import { versionOf } from './version.ts';

/** The command line. Exit codes: 0 done, 1 failed, 2 used wrongly. */
const program = new Command('gatehouse')
  .description('A GraphQL authentication gateway.')
  .version(versionOf(import.meta.url), '--version', 'print the version')
  .option('--json', 'print the result as JSON')
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

for (const command of [
  startCommand(),
  migrateCommand(),
  usersCommand(),
  sessionsCommand(),
  keysCommand(),
  schemaCommand(),
  providersCommand(),
  configCommand(),
]) {
  program.addCommand(command);
  inherit(command, program);
}

endWithReader(process.stdout);
try {
  readEnvironmentFile();
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`);
  process.exit(1);
}

/** Commander copies settings only into commands that it makes itself. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
}
