import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { openDataSource } from '../../src/db/data-source.ts';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { isDistributed } from '../../src/db/distribute.ts';
import { createRunForEach } from '../../src/db/for-each.ts';
import { createRunStatement } from '../../src/db/statement.ts';
import { createSessionStore } from '../../src/db/stores/session-store.ts';
import type { NotableSession } from '../../src/sessions/notable-session.ts';
import { createRevocationSet, type RevocationSet } from '../../src/sessions/revocation-set.ts';
import type { SessionStore } from '../../src/sessions/session-store.ts';
import type { TestClock } from './test-clock.ts';
import { testDatabase } from './test-databases.ts';

type Query = DataSource['query'];

/** Milliseconds. */
const accessTokenLifetime = 960_000;

export interface TestDatabase extends Database {
  /** What one process would know of it. */
  readonly revocations: RevocationSet;
  readonly query: Query;
  /** A transaction that writes with SQL of its own beside the store. */
  readonly withSql: <Result>(
    work: (query: Query, sessions: SessionStore) => Promise<Result>,
  ) => Promise<Result>;
  readonly stop: () => Promise<void>;
}

/** The real stores on the worker's database, without a gateway around them. */
export async function openTestDatabase(
  clock: TestClock,
  target = testDatabase(),
): Promise<TestDatabase> {
  const revocations = createRevocationSet(clock.now, accessTokenLifetime);
  // Through a pooler names may not be kept; Gatehouse asks it, a test does without.
  const prepare = 'url' in target && target.directUrl === undefined;
  const dataSource = await openDataSource(target, {
    pool: 4,
    impatient: true,
    onConnectionError: () => {},
  });
  const isDistributedHere = await isDistributed(dataSource);
  return {
    revocations,
    ...createDatabase(dataSource, {
      newId: () => uuidv7(),
      prepare,
      isDistributed: isDistributedHere,
      onNotable: revocations.apply,
    }),
    query: dataSource.query.bind(dataSource),
    async withSql(work) {
      const notable: NotableSession[] = [];
      const result = await dataSource.transaction((manager) =>
        work(
          manager.query.bind(manager),
          createSessionStore(
            createRunStatement(manager, prepare),
            createRunForEach(createRunStatement(manager, prepare), isDistributedHere),
            (each) => notable.push(each),
          ),
        ),
      );
      for (const session of notable) revocations.apply(session);
      return result;
    },
    stop: () => dataSource.destroy(),
  };
}
