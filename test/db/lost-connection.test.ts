import { type DataSource, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { BadUserInput } from '../../src/core/domain-error.ts';
import { createDatabase } from '../../src/db/database.ts';

describe('a transaction whose connection dies', () => {
  /** A data source whose connection dies when the test says so, as TypeORM tells it. */
  function dyingConnection() {
    const did: string[] = [];
    const runner = {
      isReleased: false,
      isTransactionActive: true,
      manager: {},
      die() {
        runner.isReleased = true;
      },
      async startTransaction() {},
      async commitTransaction() {
        if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
        did.push('committed');
      },
      async rollbackTransaction() {
        did.push('rolled back');
        if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
      },
      connect: async () => ({ emit: () => did.push('closed') }),
      async release() {},
    };
    const manager = { getRepository: () => ({}) };
    runner.manager = manager;
    const dataSource = { manager, createQueryRunner: () => runner } as unknown as DataSource;
    const { transact } = createDatabase(dataSource, {
      newId: () => '',
      prepare: false,
      onNotable: () => {},
    });
    return { transact, runner, did };
  }

  it('between two statements is SERVICE_UNAVAILABLE, and nothing is rolled back twice', async () => {
    const { transact, runner, did } = dyingConnection();
    const work = transact(async () => runner.die());
    await expect(work).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', reason: 'DATABASE' });
    expect(did).toEqual([]);
  });

  it('keeps the reason for which the work had failed before', async () => {
    const { transact, runner } = dyingConnection();
    const refusal = new BadUserInput([]);
    const work = transact(async () => {
      runner.die();
      throw refusal;
    });
    await expect(work).rejects.toBe(refusal);
  });

  it('while it is rolled back is closed, and not used again', async () => {
    const { transact, runner, did } = dyingConnection();
    runner.rollbackTransaction = async () => {
      throw new Error('Connection terminated unexpectedly');
    };
    const refusal = new BadUserInput([]);
    const work = transact(async () => {
      throw refusal;
    });
    await expect(work).rejects.toBe(refusal);
    expect(did).toEqual(['closed']);
  });
});
