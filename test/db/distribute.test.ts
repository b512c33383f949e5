import { distributeTables } from '../../src/db/distribute.ts';
import { isFoundSpread } from '../support/citus.ts';
import { testDatabase } from '../support/test-databases.ts';

/** What it does on a cluster is in test/distributed. */
describe('a database without Citus', () => {
  it('is told what is missing, and is not changed', async () => {
    await expect(distributeTables(testDatabase())).rejects.toThrow(
      'This database has no extension "citus", and nothing was changed.',
    );
  });

  it('is not distributed', async () => {
    expect(await isFoundSpread(testDatabase())).toBe(false);
  });
});
