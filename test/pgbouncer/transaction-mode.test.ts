import pg from 'pg';
import { LoginDocument, RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { createFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { type Pgbouncer, startPgbouncer } from '../support/pgbouncer.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { postgresUrl, testDatabase } from '../support/test-databases.ts';
import { startTestGateway } from '../support/test-gateway.ts';

/** PgBouncer in transaction mode; the scenarios run behind it too, by the same command. */
describe('behind PgBouncer', () => {
  let database: FreshDatabase;
  let direct: string;
  beforeEach(async () => {
    database = await createFreshDatabase();
    direct = ('url' in database.target && database.target.directUrl) || '';
  });
  afterEach(() => database.remove());

  let bare: Pgbouncer;
  beforeAll(async () => {
    bare = await startPgbouncer(postgresUrl ?? '', { hasSettings: false });
  });
  afterAll(() => bare.stop());

  const start = (target = database.target) => startTestGateway({}, createTestClock(), target);
  const through = ({ port }: Pgbouncer) => {
    const url = new URL(direct);
    url.port = String(port);
    return url.href;
  };

  it('says whether statements are prepared by name, and rotates either way', async () => {
    const gateway = await start();
    const client = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    dataOf(await client.send(RegisterDocument, { input }));
    for (let turn = 0; turn < 20; turn += 1) dataOf(await client.send(RefreshDocument, {}));
    await gateway.stop();
    const told = gateway.lines.filter((line) => line.includes('"database.pooled"'));
    expect(told).toEqual([expect.stringMatching(/"detail":"(no )?named statements"/)]);
  });

  it('refuses to start without DATABASE_DIRECT_URL: it would hear of no revocation', async () => {
    const { target } = database;
    const started = start({ url: 'url' in target ? target.url : '' });
    await expect(started).rejects.toThrow('DATABASE_DIRECT_URL must name PostgreSQL itself');
  });

  it('refuses to start where it would hear what another database announces', async () => {
    const target = testDatabase();
    const started = start({ url: 'url' in target ? target.url : '', directUrl: direct });
    await expect(started).rejects.toThrow('DATABASE_DIRECT_URL must name PostgreSQL itself');
  });

  it('names the statements that give its connections their time limits, and starts after them', async () => {
    const target = { url: through(bare), directUrl: direct };
    const refusal = await start(target).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(refusal).toContain("SET statement_timeout = '1200ms';");
    const statements = refusal.split('\n').filter((line) => line.startsWith('  ALTER ROLE'));
    const operator = new pg.Client({ connectionString: direct });
    await operator.connect();
    await operator.query(statements.join('\n'));
    await operator.end();
    await reconnect(bare);
    const gateway = await start(target);
    await gateway.stop();
  });

  it('refuses one session whose row is held, and nobody else', async () => {
    const gateway = await start();
    const [held, other] = [createTestClient(gateway.origin), createTestClient(gateway.origin)];
    const input = { email: freshEmail(), password: goodPassword };
    const { register } = dataOf(await held.send(RegisterDocument, { input }));
    const identifier = { identifier: input.email, password: goodPassword };
    dataOf(await other.send(LoginDocument, { input: identifier }));
    const holder = new pg.Client({ connectionString: direct });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [register.session.id]);
    const waiting = held.send(RefreshDocument, {});
    dataOf(await other.send(RefreshDocument, {}));
    expect(refusalOf(await waiting)).toBe('SERVICE_UNAVAILABLE/DATABASE');
    dataOf(await other.send(RefreshDocument, {}));
    await holder.query('ROLLBACK');
    await holder.end();
    dataOf(await held.send(RefreshDocument, {}));
    await gateway.stop();
    expect(gateway.lines.join()).not.toContain('database.away');
  });
});

/** As an operator does in its console. */
async function reconnect({ port }: Pgbouncer): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'pgbouncer',
    database: 'pgbouncer',
  });
  await client.connect();
  await client.query('RECONNECT');
  await client.end();
}
