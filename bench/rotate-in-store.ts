/**
 * Rotates random sessions through the store, without HTTP, tokens or GraphQL, so many at a time for
 * so many milliseconds. Prints how many a second, and how many with those that warmed it up.
 */
import { randomBytes } from 'node:crypto';
import { openDataSource } from '../src/db/data-source.ts';
import { createDatabase } from '../src/db/database.ts';
import { sessionId, tokenHash, userId } from './numbered-sessions.ts';

const [url = '', ...numbers] = process.argv.slice(2);
const [sessions = 0, parallel = 0, milliseconds = 0] = numbers.map(Number);
const dataSource = await openDataSource(
  { url },
  { pool: parallel, impatient: true, onConnectionError: () => {} },
);
const { stores } = createDatabase(dataSource, {
  newId: () => '',
  prepare: true,
  onNotable: () => {},
});
const generations = new Uint32Array(sessions).fill(1);
const warmUp = await rotateUntil(performance.now() + 1_500);
const start = performance.now();
const rotated = await rotateUntil(start + milliseconds);
const perSecond = (rotated / (performance.now() - start)) * 1_000;
process.stdout.write(JSON.stringify({ perSecond, rotated: warmUp + rotated }));
await dataSource.destroy();

async function rotateUntil(end: number): Promise<number> {
  let count = 0;
  const own = Math.floor(sessions / parallel);
  await Promise.all(
    Array.from({ length: parallel }, async (_, worker) => {
      while (performance.now() < end) {
        const number = Math.floor(Math.random() * own) * parallel + worker;
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
        count += 1;
      }
    }),
  );
  return count;
}
