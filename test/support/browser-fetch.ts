import { cookieHeader, keepCookies } from './test-client.ts';

export interface BrowserFetch {
  readonly fetch: typeof fetch;
  readonly cookies: ReadonlyMap<string, string>;
  /** How often it was called. */
  readonly calls: () => number;
  /** Answers come no more, until they are released. */
  readonly hold: () => void;
  readonly release: () => void;
}

/** `fetch` as a page of the gateway's own origin has it: cookies are kept, the origin is told. */
export function createBrowserFetch(origin: string): BrowserFetch {
  const cookies = new Map<string, string>();
  let calls = 0;
  let held: Promise<void> | undefined;
  let release = () => {};
  return {
    cookies,
    calls: () => calls,
    hold() {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
    async fetch(input, init) {
      calls += 1;
      const headers = new Headers(init?.headers);
      headers.set('origin', origin);
      headers.set('sec-fetch-site', 'same-origin');
      if (cookies.size > 0) headers.set('cookie', cookieHeader(cookies));
      const response = await fetch(input, { ...init, headers });
      await held;
      keepCookies(cookies, response.headers.getSetCookie());
      return response;
    },
  };
}
