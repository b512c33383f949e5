import pg from 'pg';
import { connectionsTo } from '../../src/db/primary-client.ts';
import { type FakePostgres, startFakePostgres } from '../support/fake-postgres.ts';

describe('connections to a URL that names several servers', () => {
  let one: FakePostgres;
  let two: FakePostgres;
  beforeEach(async () => {
    [one, two] = [await startFakePostgres(), await startFakePostgres()];
  });
  afterEach(() => Promise.all([one.stop(), two.stop()]));

  /** Connects once, as a pool does. @returns which server it was, or why it was none */
  const connector = () => {
    const place = (server: FakePostgres) => new URL(server.url).host;
    const { url, Client } = connectionsTo(
      `postgres://fake@${place(one)},${place(two)}/fake?target_session_attrs=read-write`,
      pg.Client,
    );
    return async () => {
      const client = new Client({ connectionString: url });
      client.on('error', () => {});
      try {
        await client.connect();
        const before = one.queries.length;
        await client.query('SELECT 1');
        return one.queries.length > before ? 'one' : 'two';
      } catch (error) {
        return (error as { code?: string }).code;
      } finally {
        await client.end().catch(() => {});
      }
    };
  };

  it('stay with the server that takes writes', async () => {
    const connect = connector();
    expect([await connect(), await connect()]).toEqual(['one', 'one']);
    expect(two.attempts()).toBe(0);
  });

  it('pass over a standby, as over a server that is starting', async () => {
    one.beStandby(true);
    const connect = connector();
    expect([await connect(), await connect(), await connect()]).toEqual(['57P03', 'two', 'two']);
    expect(one.connections()).toBe(0);
  });

  it('find the standby that has taken over, and come back when it is lost in its turn', async () => {
    two.beStandby(true);
    const connect = connector();
    expect(await connect()).toBe('one');
    one.refuse('57P03');
    expect([await connect(), await connect()]).toEqual(['57P03', '57P03']);
    two.beStandby(false);
    expect([await connect(), await connect()]).toEqual(['57P03', 'two']);
    one.refuse(undefined);
    two.refuse('57P03');
    expect([await connect(), await connect()]).toEqual(['57P03', 'one']);
  });
});

it('a server that is lost in the packet that takes a connection fails it, and ends no process', async () => {
  const [one, two] = [await startFakePostgres(), await startFakePostgres()];
  one.takeAndEnd('57P01');
  const hosts = [one, two].map(({ url }) => new URL(url).host).join();
  const { url, Client } = connectionsTo(`postgres://fake@${hosts}/fake`, pg.Client);
  const pool = new pg.Pool({ connectionString: url, Client });
  await expect(pool.query('SELECT 1')).rejects.toThrow();
  await pool.query('SELECT 1');
  expect(two.queries).toContain('SELECT 1');
  await pool.end();
  await Promise.all([one.stop(), two.stop()]);
});

it('a URL that names one server costs no question', async () => {
  const server = await startFakePostgres();
  const { url, Client } = connectionsTo(server.url, pg.Client);
  const client = new Client({ connectionString: url });
  await client.connect();
  expect(server.queries).toEqual([]);
  await client.end();
  await server.stop();
});
