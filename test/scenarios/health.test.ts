import { makeSeverable } from '../support/severable-database.ts';
import { testDatabase } from '../support/test-databases.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('health', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());
  const ask = (path: string, method = 'GET') => fetch(`${gateway.origin}${path}`, { method });

  it('is alive', async () => {
    const answer = await ask('/livez');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'alive' }]);
  });

  it('is ready with its database, keys and revocations', async () => {
    const answer = await ask('/readyz');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', keys: 'ok', revocations: 'ok' } },
    ]);
  });

  it.each(['/livez', '/readyz'])('answers HEAD %s without a body, and no POST', async (path) => {
    const head = await ask(path, 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await ask(path, 'POST')).status).toBe(405);
  });

  it('writes no line for it', async () => {
    await ask('/readyz');
    await ask('/livez', 'POST');
    expect(gateway.lines.filter((line) => line.includes('request.answered'))).toEqual([]);
  });

  it('names the database when it is away, and is ready again when it is back', async () => {
    const way = await makeSeverable(testDatabase());
    const other = await startTestGateway({}, undefined, way.target);
    const state = async () => (await fetch(`${other.origin}/readyz`)).json();
    expect(await state()).toMatchObject({ status: 'ready' });
    way.sever();
    const away = await fetch(`${other.origin}/readyz`);
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({
      status: 'unready',
      checks: { database: 'failing', keys: 'ok' },
    });
    expect((await fetch(`${other.origin}/livez`)).status).toBe(200);
    way.restore();
    let report = await state();
    while (report.status !== 'ready') report = await state();
    expect(report.checks).toEqual({ database: 'ok', keys: 'ok', revocations: 'ok' });
    await other.stop();
    await way.stop();
  });

  it('says that it stops before it takes no more connections, and then closes them', async () => {
    const other = await startTestGateway({ SHUTDOWN_DELAY: '60s' });
    void other.drain();
    const answer = await fetch(`${other.origin}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'stopping', checks: {} }]);
    expect(answer.headers.get('connection')).toBe('close');
    expect((await fetch(`${other.origin}/livez`)).status).toBe(200);
    await other.stop();
    await expect(fetch(`${other.origin}/livez`)).rejects.toThrow();
  });
});
