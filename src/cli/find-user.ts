import { UserNotFound } from '../administration/errors.ts';
import { createFindUserId } from '../administration/find-user-id.ts';
import type { Database } from '../db/database.ts';

/** The id of the account that a command's argument means. @throws UserNotFound */
export async function findUser({ stores }: Database, user: string): Promise<string> {
  const userId = await createFindUserId(stores.managedAccounts)(user);
  if (userId === undefined) throw new UserNotFound();
  return userId;
}
