import { cookieHeader, keepCookies } from './test-client.ts';

export interface BrowserFetch {
  readonly fetch: typeof fetch;
  readonly cookies: ReadonlyMap<string, string>;
  /** How often it was called. */
  readonly calls: () => number;
}

/** `fetch` as a page of the gateway's own origin has it: cookies are kept, the origin is told. */
export function createBrowserFetch(origin: string): BrowserFetch {
  const cookies = new Map<string, string>();
  let calls = 0;
  return {
    cookies,
    calls: () => calls,
    async fetch(input, init) {
      calls += 1;
      const headers = new Headers(init?.headers);
      headers.set('origin', origin);
      headers.set('sec-fetch-site', 'same-origin');
      if (cookies.size > 0) headers.set('cookie', cookieHeader(cookies));
      const response = await fetch(input, { ...init, headers });
      keepCookies(cookies, response.headers.getSetCookie());
      return response;
    },
  };
}
