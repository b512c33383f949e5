import { Command } from 'commander';
import { readConfig } from '../config/config.ts';
import { createPruneSessions } from '../sessions/prune-sessions.ts';
import { print } from './output.ts';
import { withDatabase } from './with-database.ts';

export function sessionsCommand(): Command {
  const sessions = new Command('sessions').description('look after sessions');
  sessions
    .command('prune')
    .description('delete sessions that have been over for a week')
    .action(async (_options, command: Command) => {
      const deleted = await withDatabase(readConfig(process.env), ({ transact }) =>
        createPruneSessions({ now: () => new Date(), transact })(),
      );
      print(command, { deleted }, `Deleted ${deleted} sessions.`);
    });
  return sessions;
}
