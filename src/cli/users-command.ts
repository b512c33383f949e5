import { Command } from 'commander';
import { type Administrator, onCommandLine } from '../administration/administrator.ts';
import { createGrantRole, createTakeRole } from '../administration/change-roles.ts';
import { createDisableAccount, createEnableAccount } from '../administration/change-status.ts';
import { createResetSecondFactor } from '../administration/reset-second-factor.ts';
import type { Database } from '../db/database.ts';
import { locales } from '../mail/locale.ts';
import { commandConfig } from './command-config.ts';
import { findUser } from './find-user.ts';
import { print } from './output.ts';
import { exportCommand, importCommand } from './user-files.ts';
import { listUsersCommand, showUserCommand } from './user-lists.ts';
import { withDatabase } from './with-database.ts';

interface Target {
  readonly database: Database;
  readonly administrator: Administrator;
  readonly userId: string;
}

const now = () => new Date();

export function usersCommand(): Command {
  const users = new Command('users').description('look after accounts');
  const add = (usage: string, description: string) =>
    users
      .command(usage)
      .description(description)
      .argument('<user>', 'e-mail address, username or id')
      .option('--reason <text>', 'why, for the audit trail');

  add('grant-role', 'give a role to an account')
    .argument('<role>')
    .action((user: string, role: string, _options, command: Command) =>
      changeUser(command, user, ({ database, administrator, userId }) =>
        createGrantRole({ ...database, now })(administrator, userId, role),
      ),
    );
  add('take-role', 'take a role from an account')
    .argument('<role>')
    .action((user: string, role: string, _options, command: Command) =>
      changeUser(command, user, ({ database, administrator, userId }) =>
        createTakeRole({ ...database, now })(administrator, userId, role),
      ),
    );
  add('disable', 'disable an account and end its sessions').action(
    (user: string, _options, command: Command) =>
      changeUser(command, user, ({ database, administrator, userId }) =>
        createDisableAccount({ ...database, now })(administrator, userId),
      ),
  );
  add('enable', 'let a disabled account log in again').action(
    (user: string, _options, command: Command) =>
      changeUser(command, user, ({ database, administrator, userId }) =>
        createEnableAccount({ ...database, now })(administrator, userId),
      ),
  );
  add('reset-second-factor', 'take every second factor of an account away').action(
    (user: string, _options, command: Command) =>
      changeUser(command, user, ({ database, administrator, userId }) =>
        createResetSecondFactor({ ...database, now })(administrator, userId, locales[0]),
      ),
  );
  users.addCommand(listUsersCommand());
  users.addCommand(showUserCommand());
  users.addCommand(importCommand());
  users.addCommand(exportCommand());
  return users;
}

/** Finds the account, changes it, and says whether that changed anything. @throws UserNotFound */
async function changeUser(
  command: Command,
  user: string,
  change: (target: Target) => Promise<boolean>,
): Promise<void> {
  const { reason = null } = command.opts<{ reason?: string }>();
  const administrator = onCommandLine(reason);
  const changed = await withDatabase(commandConfig(), async (database) => {
    const userId = await findUser(database, user);
    return change({ database, administrator, userId });
  });
  print(command, { changed }, changed ? 'Done.' : 'Nothing to do: it was so already.');
}
