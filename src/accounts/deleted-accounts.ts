/**
 * What is left of accounts that were deleted: their ids, and the sessions whose access tokens may
 * still be in somebody's hands.
 */
export interface DeletedAccounts {
  /**
   * Deletes an account that the transaction has locked, with everything that is its own. Its sessions
   * end at once, at every process, at those too that start afterwards.
   *
   * @returns the ids of the sessions that were not over yet
   */
  remove(userId: string, at: Date): Promise<readonly string[]>;
  /**
   * Takes addresses and user agents out of at most `limit` audit events of an account that was deleted
   * before then, and forgets an account when none of its events has any.
   *
   * @returns whether there was such an account
   */
  eraseOrigins(before: Date, limit: number): Promise<boolean>;
}
