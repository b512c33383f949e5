import { randomBytes } from 'node:crypto';
import { readSession } from '../../../src/client/server.ts';
import { useClientBrowser } from '../../support/client-browser.ts';
import { freshEmail } from '../../support/people.ts';

const secret = randomBytes(32).toString('base64url');
const hour = 3_600_000;

describe('a server that renders pages for a browser', () => {
  const { proxy, gateway, context, open } = useClientBrowser(['core'], () => ({
    TOKEN_EXCHANGE_SECRET: secret,
  }));

  it('renders five at once, and the browser goes on as if nobody had asked', async () => {
    const tab = await open();
    const email = freshEmail();
    await tab.call('register', email);
    await tab.call('hide', true);
    const cookies = await context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const url = `${gateway().origin}/graphql`;

    const renderings = await Promise.all(
      Array.from({ length: 5 }, async () => {
        // A browser's own Request would drop the cookie.
        const request = { headers: new Headers({ cookie }) };
        const { state, fetch } = await readSession(request, { url, secret });
        const body = JSON.stringify({ query: '{ me { email } }' });
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(url, { method: 'POST', headers, body });
        return { status: state.status, answer: await answer.json() };
      }),
    );
    const expected = { status: 'signed-in', answer: { data: { me: { email } } } };
    expect(renderings).toEqual(renderings.map(() => expected));

    expect(await context().cookies()).toEqual(cookies);
    await tab.call('shift', hour);
    proxy().count('RefreshToken');
    expect(await tab.call('me')).toBe(email);
    expect(proxy().count('RefreshToken')).toBe(1);
  });
});
