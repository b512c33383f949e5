import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient } from '../support/test-client.ts';

describe('a stop of the built server', () => {
  let server: BuiltServer | undefined;
  afterEach(() => server?.clean());

  const send = (origin: string, query: string) => createTestClient(origin).send(query);

  /** Log-ins that have arrived and wait for the only thread that hashes. */
  const logInsInFlight = async (origin: string, count: number) => {
    const email = freshEmail();
    await send(
      origin,
      `mutation { register(input: { email: "${email}", password: "${goodPassword}", delivery: BODY }) { tokenType } }`,
    );
    const logIns = Array.from({ length: count }, () =>
      send(
        origin,
        `mutation { login(input: { identifier: "${email}", password: "${goodPassword}", delivery: BODY }) { tokenType } }`,
      ),
    );
    // What was sent before has been read when this is answered.
    await send(origin, '{ me { id } }');
    await send(origin, '{ me { id } }');
    return logIns;
  };

  it('says no at /readyz, still answers, loses no request in flight, and ends with 0', async () => {
    server = await startBuiltServer({ BCRYPT_COST: '10', SHUTDOWN_DELAY: '3s' });
    const { origin } = server;
    const logIns = await logInsInFlight(origin, 4);
    server.kill('SIGTERM');

    let readiness = await fetch(`${origin}/readyz`);
    while (readiness.status === 200) readiness = await fetch(`${origin}/readyz`);
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toEqual({ status: 'stopping', checks: {} });
    const late = await send(origin, '{ me { id } }');
    expect(late.status).toBe(200);
    expect(late.headers.get('connection')).toBe('close');

    for (const { status, headers } of await Promise.all(logIns)) {
      expect(status).toBe(200);
      expect(headers.get('connection')).toBe('close');
    }
    expect(await server.ended).toBe(0);
    await expect(fetch(`${origin}/livez`)).rejects.toThrow();
    const events = server.lines.map(({ msg }) => msg);
    expect(events).toContain('stop.began');
    expect(server.lines.filter(({ operation }) => operation === 'login')).toHaveLength(4);
  });

  it('does not wait for connections that are idle or never asked for anything', async () => {
    // If it waited, it would be for longer than this test may take.
    server = await startBuiltServer({ SHUTDOWN_TIMEOUT: '5m' });
    const { origin } = server;
    await fetch(`${origin}/livez`);
    const { connect } = await import('node:net');
    const silent = connect(Number(new URL(origin).port), '127.0.0.1');
    silent.on('error', () => {});
    await new Promise((resolve) => silent.once('connect', resolve));
    await fetch(`${origin}/livez`);
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    silent.destroy();
  });

  it('cuts what is still busy at the end of SHUTDOWN_TIMEOUT', async () => {
    server = await startBuiltServer({ BCRYPT_COST: '13', SHUTDOWN_TIMEOUT: '100ms' });
    const { origin } = server;
    const slow = send(
      origin,
      'mutation { login(input: { identifier: "nobody", password: "wrong password" }) { tokenType } }',
    );
    const outcome = slow.then(
      () => 'answered',
      () => 'cut',
    );
    await send(origin, '{ me { id } }');
    await send(origin, '{ me { id } }');
    server.kill('SIGTERM');
    expect(await outcome).toBe('cut');
    expect(await server.ended).toBe(0);
    expect(server.lines.map(({ msg }) => msg)).toContain('stop.connections_cut');
  });

  it('ends at once on a second signal', async () => {
    server = await startBuiltServer({ SHUTDOWN_DELAY: '60s' });
    const started = server;
    server.kill('SIGTERM');
    while ((await fetch(`${server.origin}/readyz`)).status === 200);
    server.kill('SIGTERM');
    expect(await started.ended).toBe(1);
    expect(started.lines.map(({ msg }) => msg)).toContain('stop.cut_short');
  });

  it('logs an error that nobody caught, finishes what is in flight, and ends with 1', async () => {
    const fault = `process.on('SIGUSR2', () => { Promise.reject(new TypeError('hun' + 'ter2')); });`;
    server = await startBuiltServer({ BCRYPT_COST: '10' }, [
      '--import',
      `data:text/javascript,${encodeURIComponent(fault)}`,
    ]);
    const logIns = await logInsInFlight(server.origin, 2);
    server.kill('SIGUSR2');
    expect((await Promise.all(logIns)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await server.ended).toBe(1);
    const [failure] = server.lines.filter(({ level }) => level === 'fatal');
    expect(failure).toMatchObject({ msg: 'process.failed', err: { type: 'TypeError' } });
    expect(server.text()).not.toContain('hunter2');
  });
});
