/**
 * Rotates random sessions through the store, without HTTP, tokens or GraphQL, so many at a time for
 * so many milliseconds; then, for as long again, the sessions of before, whose pages are in the log
 * since the checkpoint. Prints of each how many a second, and the bytes of log each.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openDataSource } from '../src/db/data-source.ts';
import { createDatabase } from '../src/db/database.ts';
import { isDistributed } from '../src/db/distribute.ts';
import { sessionId, tokenHash, userId } from './numbered-sessions.ts';
import { walBytes } from './write-ahead-log.ts';

const [url = '', ...numbers] = process.argv.slice(2);
const [sessions = 0, parallel = 0, milliseconds = 0] = numbers.map(Number);
const dataSource = await openDataSource(
  { url },
  { pool: parallel, impatient: true, onConnectionError: () => {} },
);
const { stores } = createDatabase(dataSource, {
  newId: () => '',
  prepare: true,
  isDistributed: await isDistributed(dataSource),
  onNotable: () => {},
});
const client = new pg.Client({ connectionString: url });
await client.connect();
const generations = new Uint32Array(sessions).fill(1);
const own = Math.floor(sessions / parallel);
const rotatedBefore = Array.from({ length: parallel }, (): number[] => []);
const any = (worker: number) => Math.floor(Math.random() * own) * parallel + worker;
const again = (worker: number) => {
  const numbers = rotatedBefore[worker] ?? [];
  return numbers[Math.floor(Math.random() * numbers.length)] ?? worker;
};

await rotateFor(1_500, any);
const afterCheckpoint = await rotateFor(milliseconds, any);
const inBetween = await rotateFor(milliseconds, again);
process.stdout.write(JSON.stringify({ afterCheckpoint, inBetween }));
await dataSource.destroy();
await client.end();

async function rotateFor(time: number, pick: (worker: number) => number) {
  const before = await walBytes(client);
  const start = performance.now();
  let count = 0;
  await Promise.all(
    Array.from({ length: parallel }, async (_, worker) => {
      while (performance.now() < start + time) {
        await rotate(pick(worker), worker);
        count += 1;
      }
    }),
  );
  const perSecond = (count / (performance.now() - start)) * 1_000;
  return { perSecond, bytes: ((await walBytes(client)) - before) / count };
}

async function rotate(number: number, worker: number): Promise<void> {
  const generation = generations[number] ?? 0;
  const at = new Date();
  const successor = await stores.sessions.rotate({
    userId: userId(number),
    sessionId: sessionId(number),
    generation,
    hash: tokenHash(number, generation),
    at,
    successorSalt: randomBytes(32),
    successorHash: tokenHash(number, generation + 1),
    successorExpiresAt: new Date(at.getTime() + 15 * 86_400_000),
  });
  if (!successor) throw new Error('a session was not rotated');
  generations[number] = generation + 1;
  rotatedBefore[worker]?.push(number);
}
