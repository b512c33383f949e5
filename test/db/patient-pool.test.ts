import { createDatabaseGate, type DatabaseGate } from '../../src/db/database-gate.ts';
import { impatientClient } from '../../src/db/impatient-client.ts';
import { patientPool } from '../../src/db/patient-pool.ts';
import { type FakePostgres, startFakePostgres } from '../support/fake-postgres.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a patient pool', () => {
  let server: FakePostgres;
  let gate: DatabaseGate;
  beforeEach(async () => {
    server = await startFakePostgres();
    gate = createDatabaseGate({
      probe: () => new Promise(() => {}),
      interval: 1,
      onClosed: () => {},
      onOpened: () => {},
    });
  });
  afterEach(() => server.stop());

  function openPool(connecting: number, max = 2, connect = 1_000, answer = 40) {
    const Pool = patientPool(gate, { connecting, queueing: 10_000 });
    const Client = impatientClient({ connect, answer, onSilence: gate.close });
    const pool = new Pool({
      connectionString: server.url,
      max,
      Client,
    });
    pool.on('error', () => {});
    return pool;
  }

  it.each(['53300', '57P03'])('waits while the server refuses with %s', async (sqlState) => {
    const pool = openPool(10_000);
    server.refuse(sqlState);
    const refused = server.nextAttempt();
    const rows = pool.query('SELECT 1');
    await refused;
    server.refuse(undefined);
    await expect(rows).resolves.toMatchObject({ rows: [] });
    expect(server.attempts()).toBeGreaterThan(1);
    expect(gate.isOpen()).toBe(true);
    await pool.end();
  });

  it('gives up in the end, and closes the gate for a server that is away', async () => {
    const pool = openPool(60);
    server.refuse('57P03');
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '57P03' });
    expect(gate.isOpen()).toBe(false);
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('closes it for a server that takes connections and says nothing', async () => {
    const pool = openPool(10_000, 2, 30);
    server.freeze();
    await expect(pool.query('SELECT 1')).rejects.toThrow('timeout expired');
    expect(gate.isOpen()).toBe(false);
  });

  it('gives up when its patience ends, whatever it is doing then', async () => {
    const pool = openPool(60);
    server.refuse('53300');
    const refused = server.nextAttempt();
    const rows = pool.query('SELECT 1');
    await refused;
    server.freeze();
    await expect(rows).rejects.toMatchObject({ code: '53300' });
  });

  it('closes it for no server that is only full: other connections still work', async () => {
    const pool = openPool(60);
    server.refuse('53300');
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '53300' });
    expect(gate.isOpen()).toBe(true);
    await pool.end();
  });

  it('does not wait where waiting changes nothing', async () => {
    const pool = openPool(10_000);
    server.refuse('28P01');
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(server.attempts()).toBe(1);
    expect(gate.isOpen()).toBe(true);
    await pool.end();
  });

  it('refuses those who wait for a connection as soon as the server is found silent', async () => {
    const pool = openPool(10_000, 1);
    await pool.query('SELECT 1');
    server.freeze();
    const asking = pool.query('SELECT 2');
    const waiting = pool.query('SELECT 3');
    await expect(asking).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(server.queries).toEqual(['SELECT 1', 'SELECT 2']);
  });

  it('waits longer for a connection that others use than for a server that refuses', async () => {
    const pool = openPool(0, 1, 1_000, 10_000);
    const client = await pool.connect();
    const begun = performance.now();
    const waiting = pool.query('SELECT 1');
    await waitUntil(async () => performance.now() - begun > 5);
    client.release();
    await expect(waiting).resolves.toMatchObject({ rows: [] });
    expect(server.attempts()).toBe(1);
    expect(gate.isOpen()).toBe(true);
    await pool.end();
  });

  it('never uses a connection again whose answer did not come in time', async () => {
    const pool = openPool(10_000, 1);
    const client = await pool.connect();
    server.freeze();
    client.on('error', () => {});
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    client.release();
    expect(pool.totalCount).toBe(0);
  });
});
