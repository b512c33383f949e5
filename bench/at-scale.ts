import { refill } from './pgbench.ts';
import { storeRotations } from './refresh.ts';
import type { Measured } from './report.ts';
import type { Scenario } from './scenario.ts';
import { tableBytes, walBytes } from './write-ahead-log.ts';

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
    const rates: number[] = [];
    for (const sessions of [few, many]) {
      const { client, url } = await makeDatabase();
      await refill(client, sessions);
      for (const table of tables) await client.query(`VACUUM ${table}`);
      await client.query('CHECKPOINT');
      const before = await walBytes(client);
      // A process knows the generations of its own rotations only: one long round.
      const { perSecond, rotated } = await storeRotations(url, sessions, milliseconds * rounds);
      const wal = ((await walBytes(client)) - before) / rotated;
      rates.push(perSecond);
      const about = `${sessions.toLocaleString('en')} sessions`;
      tell(`  ${about}: ${Math.round(perSecond)}/s, ${Math.round(wal)} bytes of WAL each`);
      measured.push(
        { what: `${about}: rotations`, unit: 'a second', rounds: [perSecond] },
        { what: `${about}: write-ahead log a rotation`, unit: 'bytes', rounds: [wal] },
      );
      for (const table of tables) {
        const size = (await tableBytes(client, table)) / megabyte;
        measured.push({ what: `${about}: ${table} with indexes`, unit: 'MB', rounds: [size] });
      }
    }
    const [small = Number.NaN, large = Number.NaN] = rates;
    return {
      title: 'Refresh among very many sessions',
      how: 'The store rotates random sessions, 16 at a time, right after a checkpoint: the first change of each page writes the whole page into the log.',
      measured,
      ratios: [
        {
          id: 'at-scale-rate',
          what: `time of a rotation among ${many.toLocaleString('en')} sessions, to that among ${few.toLocaleString('en')}`,
          rounds: [small / large],
          goal: { most: 1.5 },
        },
      ],
    };
  },
};
