import type { ImportedUser, TransferredUser } from './transferred-user.ts';

/** What became of an account of an import: written, there already, or in the way of another one. */
export type ImportOutcome = 'imported' | 'present' | 'id_taken' | 'email_taken' | 'username_taken';

export interface UserTransferStore {
  /** Writes accounts with their roles; those that meet another one are left out. @returns each one's outcome, in order */
  insertAll(users: readonly ImportedUser[]): Promise<readonly ImportOutcome[]>;
  /** Tells the database how much there is now, so that lists stay fast right after a large import. */
  takeStock(): Promise<void>;
  /** At most `limit` accounts after an id, by id. */
  readAfter(id: string | null, limit: number): Promise<readonly TransferredUser[]>;
}
