/**
 * Runs `work` with stores that share one database transaction, and commits when it resolves.
 * When `work` throws, everything it wrote is rolled back: what must survive a refusal (a revocation,
 * an audit event) is returned as a verdict, and the caller throws after the commit.
 * Work that failed on a serialization failure or a deadlock runs once more, from its beginning.
 *
 * Locks are taken in one order everywhere: session, then refresh token, then user.
 *
 * @throws ServiceUnavailable when the database is away or too busy
 */
export type Transact<Stores> = <Result>(
  work: (stores: Stores) => Promise<Result>,
) => Promise<Result>;
