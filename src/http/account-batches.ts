import DataLoader from 'dataloader';
import type { Account } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';

/** The accounts that one request asks for, each of them once. */
export type AccountLoader = DataLoader<string, Account | undefined>;

const largestBatch = 100;

/**
 * Makes a loader for each request. What all of them ask for in one turn of the event loop goes into one
 * query; nothing is kept from one turn to the next, so that each sees what stands in the database
 * after it arrived.
 */
export function createAccountBatches({
  findByIds,
}: Pick<AccountStore, 'findByIds'>): () => AccountLoader {
  const batches: AccountLoader = new DataLoader(
    async (ids) => {
      const found = new Map((await findByIds(ids)).map((account) => [account.id, account]));
      return ids.map((id) => found.get(id));
    },
    { cache: false, maxBatchSize: largestBatch, batchScheduleFn: (send) => setImmediate(send) },
  );
  return () => new DataLoader((ids) => batches.loadMany(ids));
}
