import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from './test-database.ts';
import { postgresUrl } from './test-databases.ts';

/** Of a cluster, whoever waits on any of its machines counts. */
const activity = process.env.ON_CITUS ? 'citus_stat_activity' : 'pg_stat_activity';

/** The embedded database has one connection: there everything waits by itself. */
export async function untilSomebodyWaits({ query }: Pick<TestDatabase, 'query'>): Promise<void> {
  if (postgresUrl === undefined) return;
  for (;;) {
    const [{ waiting }] = await query(
      `SELECT count(*)::int AS waiting FROM ${activity}
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting > 0) return;
    await sleep(5);
  }
}
