/**
 * Runs `work` with stores that share one database transaction, and commits when it resolves.
 * When `work` throws, everything it wrote is rolled back: what must survive a refusal (a revocation,
 * an audit event) is returned as a verdict, and the caller throws after the commit.
 * Work that failed on a serialization failure or a deadlock runs once more, from its beginning.
 *
 * Locks are taken in one order everywhere: user, then session, then refresh token. (The share lock
 * that a foreign key takes on its user comes later and harms nobody: only the deletion of the user
 * waits for it, and that holds the user and its sessions first.)
 *
 * @throws ServiceUnavailable when the database is away or too busy
 */
export type Transact<Stores> = <Result>(
  work: (stores: Stores) => Promise<Result>,
) => Promise<Result>;
