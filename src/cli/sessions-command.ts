import { Command } from 'commander';
import { onCommandLine } from '../administration/administrator.ts';
import { createRevokeSessions } from '../administration/revoke-sessions.ts';
import { isId } from '../core/random.ts';
import { StartError } from '../core/start-error.ts';
import { createPruneSessions } from '../sessions/prune-sessions.ts';
import { commandConfig } from './command-config.ts';
import { findUser } from './find-user.ts';
import { momentOption } from './option-values.ts';
import { print } from './output.ts';
import { sessionLine, sessionsOf } from './session-lines.ts';
import { withDatabase } from './with-database.ts';

interface RevokeOptions {
  readonly user?: string;
  readonly role?: string;
  readonly network?: string;
  readonly openedBefore?: Date;
  readonly lastUsedBefore?: Date;
  readonly everyone?: true;
  readonly dryRun?: true;
  readonly reason?: string;
}

const now = () => new Date();

export function sessionsCommand(): Command {
  const sessions = new Command('sessions').description('look after sessions');
  sessions
    .command('list')
    .description("list somebody's live sessions, the newest first")
    .argument('<user>', 'e-mail address, username or id')
    .action(async (user: string, _options, command: Command) => {
      const found = await withDatabase(commandConfig(), async (database) =>
        sessionsOf(database, await findUser(database, user)),
      );
      print(command, found, found.map(sessionLine).join('\n') || 'No live session.');
    });
  sessions
    .command('revoke')
    .description('end one session, or those that all the options given mean')
    .argument('[session]', 'the id of a session, as `sessions list` shows it')
    .option('--user <user>', 'of this account: e-mail address, username or id')
    .option('--role <role>', 'of accounts with this role')
    .option('--network <network>', 'opened from this address or network, such as 203.0.113.0/24')
    .option('--opened-before <moment>', 'opened before then', momentOption)
    .option('--last-used-before <moment>', 'not used since then', momentOption)
    .option('--everyone', 'all sessions there are')
    .option('--dry-run', 'only count them')
    .option('--reason <text>', 'why, for the audit trail')
    .action(async (session: string | undefined, options: RevokeOptions, command: Command) => {
      const { dryRun = false, everyone = false } = options;
      const count = await revoke(session, options);
      const line = `${count} ${count === 1 ? 'session' : 'sessions'} ${dryRun ? 'would end' : 'ended'}.`;
      print(command, { count, dryRun, everyone }, line);
    });
  sessions
    .command('prune')
    .description('delete sessions that have been over for a week')
    .action(async (_options, command: Command) => {
      const deleted = await withDatabase(commandConfig(), ({ transact }) =>
        createPruneSessions({ now, transact })(),
      );
      print(command, { deleted }, `Deleted ${deleted} sessions.`);
    });
  return sessions;
}

function revoke(sessionId: string | undefined, options: RevokeOptions): Promise<number> {
  const { user, role, network, openedBefore, lastUsedBefore } = options;
  if (sessionId !== undefined && !isId(sessionId)) {
    throw new StartError('A session is named by its id: gatehouse sessions list USER shows them.');
  }
  return withDatabase(commandConfig(), async (database) => {
    const userId = user === undefined ? null : await findUser(database, user);
    const { stores, transact } = database;
    const filter = {
      sessionId: sessionId ?? null,
      userId,
      role: role ?? null,
      network: network ?? null,
      openedBefore: openedBefore ?? null,
      lastUsedBefore: lastUsedBefore ?? null,
    };
    assertMeant(filter, options.everyone ?? false);
    return createRevokeSessions({ ...stores, now, transact })(
      onCommandLine(options.reason ?? null),
      {
        filter,
        everyone: options.everyone ?? false,
        dryRun: options.dryRun ?? false,
        currentSessionId: null,
      },
    );
  });
}

/** @throws StartError unless there is a criterion, or everyone is meant */
function assertMeant(filter: object, everyone: boolean): void {
  const hasCriterion = Object.values(filter).some((value) => value !== null);
  if (hasCriterion !== everyone) return;
  throw new StartError('Say which sessions: an id, one of the options, or --everyone alone.');
}
