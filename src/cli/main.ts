import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { failureText } from '../failure-text.ts';
import { configCommand } from './config-command.ts';
import { keysCommand } from './keys-command.ts';
import { migrateCommand } from './migrate-command.ts';
import { schemaCommand } from './schema-command.ts';
import { sessionsCommand } from './sessions-command.ts';
import { startCommand } from './start-command.ts';
import { usersCommand } from './users-command.ts';

/** The command line. Exit codes: 0 done, 1 failed, 2 used wrongly. */
const program = new Command('gatehouse')
  .description('A GraphQL authentication gateway.')
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
  configCommand(),
]) {
  program.addCommand(command);
  inherit(command, program);
}

try {
  if (existsSync('.env')) process.loadEnvFile();
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
