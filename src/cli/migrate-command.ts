import { Command } from 'commander';
import { distributeTables } from '../db/distribute.ts';
import { migrationStatus, revertMigration, runMigrations } from '../db/migrate.ts';
import { commandConfig } from './command-config.ts';
import { print } from './output.ts';
import { withTarget } from './with-database.ts';

export function migrateCommand(): Command {
  const migrate = new Command('migrate').description('change the database schema');
  migrate
    .command('up')
    .description('run the migrations that are pending, as every start does')
    .action(async (_options, command: Command) => {
      const ran = await withTarget(commandConfig(), runMigrations);
      print(command, { ran }, ran.length > 0 ? ran.join('\n') : 'Nothing to do.');
    });
  migrate
    .command('down')
    .description('undo the last migration')
    .action(async (_options, command: Command) => {
      const undone = await withTarget(commandConfig(), revertMigration);
      print(command, { undone: undone ?? null }, undone ?? 'Nothing to undo.');
    });
  migrate
    .command('status')
    .description('list the migrations, and which of them have run')
    .action(async (_options, command: Command) => {
      const status = await withTarget(commandConfig(), migrationStatus);
      const lines = status.map(({ name, hasRun }) => `${hasRun ? 'done   ' : 'pending'} ${name}`);
      print(command, status, lines.join('\n'));
    });
  migrate
    .command('distribute')
    .description('spread the tables over the machines of a Citus cluster, and do nothing else')
    .action(async (_options, command: Command) => {
      const spread = await withTarget(commandConfig(), distributeTables);
      print(command, { spread }, spread.length > 0 ? spread.join('\n') : 'Nothing to do.');
    });
  return migrate;
}
