import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('the pages of development', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  const get = (path: string, method = 'GET') =>
    fetch(`${gateway.origin}${path}`, { method, redirect: 'manual' });

  it('are found from /, below a prefix too: the way is relative', async () => {
    const answer = await get('/');
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('graphiql');
    expect((await get('/', 'POST')).status).toBe(405);
  });

  it.each(['/graphiql', '/admin/graphiql'])('name their files relative to %s', async (path) => {
    const answer = await get(path);
    const text = await answer.text();
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, file = '']) => file)
      .filter((file) => !file.startsWith('data:'));
    expect(files).toHaveLength(4);
    for (const prefix of ['', '/auth']) {
      for (const file of files) {
        const { pathname } = new URL(file, `http://localhost${prefix}${path}`);
        expect(pathname).toMatch(new RegExp(`^${prefix}/graphiql/`));
        expect((await get(pathname.slice(prefix.length))).status).toBe(200);
      }
    }
  });

  it('open with the first mutation, and a place for the token', async () => {
    const text = await (await get('/graphiql')).text();
    expect(text).toContain('mutation {\\n  register(input: { email: \\"ada@example.com\\"');
    expect(text).toContain('\\"Authorization\\": \\"\\"');
    expect(await (await get('/admin/graphiql')).text()).toContain('users(first: 10)');
  });

  it.each([
    '/graphiql/%E0%A4%A',
    '/graphiql/%00',
    '/graphiql/..%2Fpackage.json',
    '/graphiql/nothing.js',
    '/%E0%A4%A',
    '/.well-known/%E0%A4%A',
  ])('have nothing at %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect(gateway.lines.join()).not.toContain('request.failed');
  });

  it('are none of production', async () => {
    const production = await startTestGateway({
      NODE_ENV: 'production',
      ALLOW_EMBEDDED: 'true',
      BCRYPT_COST: '10',
      PUBLIC_URL: 'https://auth.example.com',
      // It answers for everything below /admin/, where it was built.
      ADMIN_CONSOLE: 'off',
    });
    const statuses: number[] = [];
    for (const path of ['/', '/graphiql', '/admin/graphiql', '/graphiql/react.js']) {
      statuses.push((await fetch(`${production.origin}${path}`)).status);
    }
    await production.stop();
    expect(statuses).toEqual([404, 404, 404, 404]);
  });
});
