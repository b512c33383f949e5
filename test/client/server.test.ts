import { readSession } from '../../src/client/server.ts';

const url = 'https://auth.example.com/graphql';
const secret = 'secret of the trusted servers';
const user = { id: 'ada', email: 'ada@example.com' };
const exchanged = { accessToken: 'token', session: { id: 's-ada' }, user };
const unknown = { status: 'unknown', user: null, sessionId: null };

describe('readSession', () => {
  it('asks the gateway once, with the secret, the cookie and who asks for the page', async () => {
    const { requests, fetch } = gateway({ data: { exchangeToken: exchanged } });
    const { state, accessToken } = await readSession(
      page({ 'user-agent': 'Chromium', 'x-forwarded-for': '192.0.2.1', authorization: 'Bearer x' }),
      { url, secret, fetch },
    );
    expect(state).toEqual({ status: 'signed-in', user, sessionId: 's-ada' });
    expect(accessToken).toBe('token');
    expect(requests).toHaveLength(1);
    expect(Object.fromEntries(requests[0]?.headers ?? [])).toEqual({
      'content-type': 'application/json',
      cookie: 'refreshToken=gtr_1',
      'user-agent': 'Chromium',
      'x-forwarded-for': '192.0.2.1',
      'x-token-exchange-secret': secret,
    });
    expect(requests[0]?.redirect).toBe('error');
  });

  it('puts no token into the state, which goes to the page', async () => {
    const { fetch } = gateway({ data: { exchangeToken: exchanged } });
    const { state } = await readSession(page(), { url, secret, fetch });
    expect(JSON.stringify(state)).not.toContain('token');
  });

  it('asks nobody without a cookie: a browser from another site sends none', async () => {
    const { requests, fetch } = gateway({});
    const { state } = await readSession(new Request(url), { url, secret, fetch });
    expect(state).toEqual(unknown);
    expect(requests).toEqual([]);
  });

  it.each([
    'REFRESH_TOKEN_INVALID',
    'REFRESH_TOKEN_EXPIRED',
    'REFRESH_TOKEN_REUSED',
    'SESSION_REVOKED',
    'ACCOUNT_DISABLED',
  ])('knows that nobody is signed in from %s', async (reason) => {
    const { fetch } = gateway({ errors: [{ extensions: { reason } }] });
    const { state, accessToken } = await readSession(page(), { url, secret, fetch });
    expect(state).toEqual({ status: 'signed-out', user: null, sessionId: null, why: reason });
    expect(accessToken).toBeNull();
  });

  it.each<[string, unknown]>([
    ['a refusal of the server', { errors: [{ extensions: { reason: 'SERVER_NOT_TRUSTED' } }] }],
    ['a reason that it does not know', { errors: [{ extensions: { reason: 'NEW' } }] }],
    ['errors of another kind', { errors: 'no' }],
    ['errors that are none', { errors: [null] }],
    ['a session that lacks its user', { data: { exchangeToken: { accessToken: 'token' } } }],
    ['null', null],
    ['a page of HTML', '<h1>Bad Gateway</h1>'],
  ])('knows nothing, and does not throw, after %s', async (_, body) => {
    const { fetch } = gateway(body);
    const { state, accessToken } = await readSession(page(), { url, secret, fetch });
    expect(state).toEqual(unknown);
    expect(accessToken).toBeNull();
  });

  it('knows nothing, and does not throw, where no gateway is', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    expect((await readSession(page(), { url, secret, fetch })).state).toEqual(unknown);
  });

  it('gives the token to the gateway and to nobody else', async () => {
    const { requests, fetch } = gateway({ data: { exchangeToken: exchanged } });
    const session = await readSession(page(), { url, secret, fetch });
    for (const address of [url, 'https://example.com/', 'https://auth.example.com.evil.example/']) {
      await session.fetch(address);
    }
    expect(requests.slice(1).map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer token',
      null,
      null,
    ]);
  });
});

function page(headers: Readonly<Record<string, string>> = {}): Request {
  const request = new Request('https://www.example.com/');
  // A browser's own Request would drop the cookie.
  return { ...request, headers: new Headers({ cookie: 'refreshToken=gtr_1', ...headers }) };
}

/** A gateway that answers always the same. */
function gateway(body: unknown) {
  const requests: Request[] = [];
  const fetch = async (...args: ConstructorParameters<typeof Request>) => {
    requests.push(new Request(...args));
    return new Response(typeof body === 'string' ? body : JSON.stringify(body));
  };
  return { requests, fetch };
}
