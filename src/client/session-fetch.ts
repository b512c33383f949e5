import type { Pass, Passes } from './passes.ts';
import { originOf } from './ports/origin-of.ts';
import { type Attempt, withPass } from './with-pass.ts';

export interface SessionFetchOptions {
  readonly passes: Passes;
  readonly fetch: typeof fetch;
  readonly url: string;
  /** Who may see the token, besides the gateway. */
  readonly origins: readonly string[];
}

type Fetch = typeof fetch;

/**
 * Attack: an access token goes to whoever an address leads to. It goes to the gateway and to the
 * origins that were named, and `fetch` takes it off when a redirect leads elsewhere (Fetch standard,
 * section 4.4).
 */
export function createSessionFetch({ passes, fetch, url, origins }: SessionFetchOptions): Fetch {
  const trusted = [url, ...origins].map(originOf);
  return (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const headers = new Headers(init?.headers ?? request?.headers);
    const isTrusted = trusted.includes(originOf(request?.url ?? `${input}`));
    if (!isTrusted || headers.has('authorization')) return fetch(input, init);
    return withPass(passes, async ({ token, signal }: Pass): Promise<Attempt<Response>> => {
      if (token) headers.set('authorization', `Bearer ${token}`);
      const own = init?.signal ?? request?.signal;
      const answer = await fetch(request?.clone() ?? input, {
        ...init,
        headers,
        signal: own ? (AbortSignal.any?.([own, signal]) ?? own) : signal,
      });
      return judge(answer, init?.body);
    });
  };
}

/** What the answer says: GraphQL refuses a token with HTTP 200, too. */
async function judge(answer: Response, sent: unknown): Promise<Attempt<Response>> {
  // A stream of many such (`application/jsonl`, `application/json-seq`) may have no end.
  const isJson = /[/+]json *(;|$)/i.test(answer.headers.get('content-type') ?? '');
  const body =
    isJson &&
    (await answer
      .clone()
      .json()
      .catch(() => {}));
  // What brought data is sent again only if it is a query for sure, and what was streamed is gone.
  const isQuery = !sent || /^\{(?!.*\bmutation\b).*"query"/s.test(`${sent}`);
  return {
    // What ends the session aborts what its requests were sent with, and the body of this answer with it.
    answer: body?.errors ? new Response(JSON.stringify(body), answer) : answer,
    body,
    isRepeatable: isQuery || (!body?.data && !(sent instanceof ReadableStream)),
  };
}
