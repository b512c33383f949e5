import { Command } from 'commander';
import { assertKnownRole } from '../access/assert-known-role.ts';
import { UserNotFound } from '../administration/errors.ts';
import type { ListedUser } from '../administration/user-directory.ts';
import { commandConfig } from './command-config.ts';
import { findUser } from './find-user.ts';
import { countOption } from './option-values.ts';
import { print } from './output.ts';
import { sessionLine, sessionsOf } from './session-lines.ts';
import { withDatabase } from './with-database.ts';

interface ListOptions {
  readonly search?: string;
  readonly role?: string;
  readonly disabled?: true;
  readonly unverified?: true;
  readonly guests?: true;
  readonly limit: number;
}

export function listUsersCommand(): Command {
  return new Command('list')
    .description('list accounts, the newest first')
    .option('--search <text>', 'any part of an address or a name')
    .option('--role <role>', 'who has this role')
    .option('--disabled', 'who is disabled')
    .option('--unverified', 'whose address is not proved')
    .option('--guests', 'those who have no account yet, who are left out otherwise')
    .option('--limit <count>', 'how many', countOption, 50)
    .action(async (options: ListOptions, command: Command) => {
      const { search, role, disabled, unverified, guests: guest, limit } = options;
      const users = await withDatabase(commandConfig(), async ({ stores }) => {
        await assertKnownRole(stores.roles, role, '--role');
        const emailVerified = unverified ? false : null;
        const filter = { search, role, guest, disabled, emailVerified };
        const query = { filter: present(filter), first: limit + 1, after: null };
        return stores.userDirectory.list({ ...query, sort: 'CREATED_DESC' });
      });
      const shown = users.slice(0, limit);
      const lines = shown.map(userLine);
      if (users.length > limit) lines.push(`… and more: --limit, or --search for some of them.`);
      print(command, shown.map(listed), lines.join('\n') || 'No such account.');
    });
}

export function showUserCommand(): Command {
  return new Command('show')
    .description('show an account, its roles and its live sessions')
    .argument('<user>', 'e-mail address, username or id')
    .action(async (name: string, _options, command: Command) => {
      const { user, sessions } = await withDatabase(commandConfig(), async (database) => {
        const userId = await findUser(database, name);
        const found = await database.stores.userDirectory.find(userId);
        if (!found) throw new UserNotFound();
        return { user: found, sessions: await sessionsOf(database, userId) };
      });
      const { account, roles, lastSeenAt } = user;
      const lines = [
        `id          ${account.id}`,
        `address     ${account.email ?? '-'}, ${account.emailVerifiedAt ? `proved ${moment(account.emailVerifiedAt)}` : 'not proved'}`,
        `username    ${account.username ?? 'none'}`,
        `name        ${[account.firstName, account.lastName].filter(Boolean).join(' ') || 'none'}`,
        `roles       ${roles.join(', ') || 'none'}`,
        `made        ${moment(account.createdAt)}, last seen ${moment(lastSeenAt)}`,
        `disabled    ${account.disabledAt ? moment(account.disabledAt) : 'no'}`,
        `sessions    ${sessions.length}`,
        ...sessions.map((session) => `  ${sessionLine(session)}`),
      ];
      print(command, { ...listed(user), sessions }, lines.join('\n'));
    });
}

function listed({ account, roles, lastSeenAt }: ListedUser) {
  return { ...account, roles, lastSeenAt };
}

function userLine({ account, roles }: ListedUser): string {
  const { id, email, username, disabledAt, emailVerifiedAt } = account;
  const states = [disabledAt && 'disabled', emailVerifiedAt ? undefined : 'not proved'];
  return [id, email ?? '-', username ?? '-', roles.join(',') || '-', ...states]
    .filter(Boolean)
    .join('  ');
}

function moment(date: Date): string {
  return date.toISOString();
}

/** Without what was not given. */
function present<Values extends object>(values: Values) {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<{ [Name in keyof Values]: Exclude<Values[Name], undefined> }>;
}
