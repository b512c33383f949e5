#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { configCommand } from './config-command.ts';
import { keysCommand } from './keys-command.ts';
import { migrateCommand } from './migrate-command.ts';
import { schemaCommand } from './schema-command.ts';
import { sessionsCommand } from './sessions-command.ts';
import { startCommand } from './start-command.ts';

/** The command line. Exit codes: 0 done, 1 failed, 2 used wrongly. */
const program = new Command('gatehouse')
  .description('A GraphQL authentication gateway.')
  .option('--json', 'print the result as JSON')
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

for (const command of [
  startCommand(),
  migrateCommand(),
  sessionsCommand(),
  keysCommand(),
  schemaCommand(),
  configCommand(),
]) {
  program.addCommand(command.copyInheritedSettings(program));
}

try {
  if (existsSync('.env')) process.loadEnvFile();
  await program.parseAsync();
} catch (error) {
  const text = error instanceof ConfigError ? error.message : describe(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
