import type pg from 'pg';
import { refill } from './pgbench.ts';
import { storeRotations } from './refresh.ts';
import type { Measured } from './report.ts';
import type { Scenario } from './scenario.ts';
import { tableBytes } from './write-ahead-log.ts';

const few = 10_000;
const tables = ['users', 'sessions', 'refresh_tokens'] as const;
const megabyte = 2 ** 20;

/** Rotation of random sessions among very many, against the same among few. Only on request. */
export const atScale: Scenario = {
  name: 'at-scale',
  needs: 'postgres',
  inShort: false,
  onlyNamed: true,
  async run({ makeDatabase, milliseconds, rounds, sessions: many, tell }) {
    tell(`refresh among ${many} sessions`);
    const measured: Measured[] = [];
    const rates = { 'after a checkpoint': [] as number[], 'in between': [] as number[] };
    for (const sessions of [few, many]) {
      const { client, url } = await makeDatabase();
      await refill(client, sessions);
      for (const table of tables) await client.query(`VACUUM ${table}`);
      await readIntoMemory(client);
      await client.query('CHECKPOINT');
      // A process knows the generations of its own rotations only: one long round.
      const rotations = await storeRotations(url, sessions, milliseconds * rounds);
      const about = `${sessions.toLocaleString('en')} sessions`;
      for (const [moment, { perSecond, bytes }] of [
        ['after a checkpoint', rotations.afterCheckpoint],
        ['in between', rotations.inBetween],
      ] as const) {
        rates[moment].push(perSecond);
        tell(
          `  ${about}, ${moment}: ${Math.round(perSecond)}/s, ${Math.round(bytes)} bytes of log each`,
        );
        measured.push(
          { what: `${about}: rotations ${moment}`, unit: 'a second', rounds: [perSecond] },
          { what: `${about}: write-ahead log of one ${moment}`, unit: 'bytes', rounds: [bytes] },
        );
      }
      for (const table of tables) {
        const size = (await tableBytes(client, table)) / megabyte;
        measured.push({ what: `${about}: ${table} with indexes`, unit: 'MB', rounds: [size] });
      }
    }
    return {
      title: 'Refresh among very many sessions',
      how: 'The store rotates random sessions, 16 at a time, right after a checkpoint: the first change of each page writes the whole page into the log. Then it rotates the same again.',
      measured,
      ratios: Object.entries(rates).map(([moment, [small = Number.NaN, large = Number.NaN]]) => ({
        id: `at-scale-${moment.replaceAll(' ', '-')}`,
        what: `time of a rotation ${moment} among ${many.toLocaleString('en')} sessions, to that among ${few.toLocaleString('en')}`,
        rounds: [small / large],
        goal: { most: 1.5 },
      })),
    };
  },
};

/** What random sessions are read from, by PostgreSQL's own means where they are installed: the disk is not measured. */
async function readIntoMemory(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_available_extensions WHERE name = 'pg_prewarm'",
  );
  if (rowCount === 0) return;
  await client.query('CREATE EXTENSION pg_prewarm');
  await client.query(
    `SELECT pg_prewarm(relation) FROM unnest($1::text[]) name,
     LATERAL (SELECT name::regclass UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = name::regclass) of_table (relation)`,
    [tables],
  );
}
