import { once } from 'node:events';
import { DatabaseSilent, impatientClient } from '../../src/db/impatient-client.ts';
import { type FakePostgres, startFakePostgres } from '../support/fake-postgres.ts';

describe('an impatient client', () => {
  let server: FakePostgres;
  beforeEach(async () => {
    server = await startFakePostgres();
  });
  afterEach(() => server.stop());

  async function connect() {
    const silences: string[] = [];
    const Client = impatientClient({
      connect: 1_000,
      answer: 30,
      onSilence: () => silences.push('silent'),
    });
    const client = new Client({ connectionString: server.url });
    const broken = once(client, 'error');
    await client.connect();
    return { client, broken, silences };
  }

  it('answers like any client while the server does', async () => {
    const { client, silences } = await connect();
    await expect(client.query('SELECT 1')).resolves.toMatchObject({ rows: [] });
    const rows = new Promise((resolve) => {
      client.query('SELECT 2', (_: Error, result) => resolve(result.rows));
    });
    await expect(rows).resolves.toEqual([]);
    expect(silences).toEqual([]);
    await client.end();
  });

  it('ends its connection when an answer does not come in time', async () => {
    const { client, broken, silences } = await connect();
    server.freeze();
    await expect(client.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseSilent);
    await expect(broken).resolves.toEqual([expect.any(DatabaseSilent)]);
    expect(silences).toEqual(['silent']);
    await expect(client.query('SELECT 2')).rejects.toThrow('not queryable');
  });

  it('tells a caller with a callback too', async () => {
    const { client, broken } = await connect();
    server.freeze();
    const failure = new Promise((resolve) => {
      client.query('SELECT 1', (error: Error) => resolve(error));
    });
    await expect(failure).resolves.toBeInstanceOf(DatabaseSilent);
    await broken;
  });
});
