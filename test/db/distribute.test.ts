import { openDataSource } from '../../src/db/data-source.ts';
import { distributeTables, isDistributed } from '../../src/db/distribute.ts';
import { testDatabase } from '../support/test-databases.ts';

/** What it does on a cluster is in test/distributed. */
describe('a database without Citus', () => {
  it('is told what is missing, and is not changed', async () => {
    await expect(distributeTables(testDatabase())).rejects.toThrow(
      'This database has no extension "citus", and nothing was changed.',
    );
  });

  it('is not distributed', async () => {
    const dataSource = await openDataSource(testDatabase(), {
      pool: 1,
      impatient: false,
      onConnectionError: () => {},
    });
    const spread = await isDistributed(dataSource);
    await dataSource.destroy();
    expect(spread).toBe(false);
  });
});
