import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  type EmbeddedDatabase,
  startEmbeddedDatabase,
} from '../../../src/db/embedded/embedded-database.ts';

const rounds = 200;

/** One session serves every client: what each of them may take for granted all the same. */
describe('the embedded database', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-embedded-'));
  const clients: pg.Client[] = [];
  let database: EmbeddedDatabase;
  beforeAll(async () => {
    database = await startEmbeddedDatabase(dataDir);
    const client = await connect();
    await client.query('CREATE TABLE notes (id integer PRIMARY KEY)');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
  });
  afterAll(async () => {
    await database.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('gives every statement its own answer, refused ones between them', async () => {
    const client = await connect();
    const answers: unknown[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const refused = client.query('SELECT 1 / $1::integer', [0]).catch(({ code }) => code);
      const answered = client.query('SELECT $1::integer AS round', [round]);
      answers.push(await refused, (await answered).rows[0].round);
    }
    expect(answers).toEqual(Array.from({ length: rounds }, (_, round) => ['22012', round]).flat());
  });

  it('goes on after a transaction that was refused', async () => {
    const client = await connect();
    await client.query('INSERT INTO notes VALUES (1)');
    for (let round = 0; round < rounds; round += 1) {
      await client.query('BEGIN');
      await expect(client.query('INSERT INTO notes VALUES ($1)', [1])).rejects.toMatchObject({
        code: '23505',
      });
      await client.query('ROLLBACK');
    }
    expect(await count(client)).toBe(1);
  });

  it('keeps the statements of two clients apart', async () => {
    const ask = async (client: pg.Client, name: string) => {
      for (let round = 0; round < rounds; round += 1) {
        const { rows } = await client.query(`SELECT $1::text AS ${name}`, [`${name} ${round}`]);
        expect(rows).toEqual([{ [name]: `${name} ${round}` }]);
      }
    };
    await Promise.all([ask(await connect(), 'one'), ask(await connect(), 'other')]);
  });

  it('lets nobody into the transaction of another', async () => {
    const [writer, reader] = [await connect(), await connect()];
    const before = await count(reader);
    await writer.query('BEGIN');
    await writer.query('INSERT INTO notes VALUES ($1)', [2]);
    const read = count(reader);
    await writer.query('INSERT INTO notes VALUES ($1)', [3]);
    await writer.query('ROLLBACK');
    expect(await read).toBe(before);
  });

  it('rolls back what a client left open when it went away', async () => {
    const [leaver, stayer] = [await connect(), await connect()];
    const before = await count(stayer);
    await leaver.query('BEGIN');
    await leaver.query('INSERT INTO notes VALUES ($1)', [4]);
    leaver.on('error', () => {});
    (
      leaver as unknown as { connection: { stream: { destroy(): void } } }
    ).connection.stream.destroy();
    expect(await count(stayer)).toBe(before);
  });

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      host: database.socketFolder,
      user: 'postgres',
      database: 'postgres',
      query_timeout: 10_000,
    });
    clients.push(client);
    await client.connect();
    return client;
  }
});

async function count(client: pg.Client): Promise<number> {
  const { rows } = await client.query('SELECT count(*)::integer AS count FROM notes');
  return rows[0].count;
}
