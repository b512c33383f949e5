import type { SessionState, SessionUser } from './session-state.ts';

export interface ReadSessionOptions {
  /** The gateway's GraphQL endpoint, as this server reaches it. */
  readonly url: string;
  /** The gateway's TOKEN_EXCHANGE_SECRET. No browser may ever see it. */
  readonly secret: string;
  /** Instead of the global one. */
  readonly fetch?: typeof fetch;
}

export interface ServerSession {
  /** For `SessionProvider initial`: who it is, and no token. */
  readonly state: SessionState;
  /** Lives a minute, for this page only; null when nobody is signed in, or it is not known. */
  readonly accessToken: string | null;
  /** `fetch`, with the access token for the gateway. */
  readonly fetch: typeof fetch;
}

/** Reasons for which there is no session, and no doubt. */
const endings = /^(REFRESH_TOKEN_(INVALID|EXPIRED|REUSED)|SESSION_REVOKED|ACCOUNT_DISABLED)$/;
const passedOn = ['cookie', 'user-agent', 'x-forwarded-for', 'x-forwarded-proto'];
const query =
  'mutation ExchangeToken{exchangeToken{accessToken session{id}user{id email username firstName lastName avatarUrl emailVerified roles createdAt}}}';

interface Exchanged {
  readonly accessToken: string;
  readonly session: { readonly id: string };
  readonly user: SessionUser;
}

interface Answer {
  readonly data?: { readonly exchangeToken?: Exchanged | null } | null;
  readonly errors?: readonly { readonly extensions?: { readonly reason?: SessionState['why'] } }[];
}

/**
 * Who is signed in in the browser that asks for a page. It spends nothing: a server that refreshed, and
 * whose answer was lost, would end an honest session. Once a request; what is rendered with it is
 * `Cache-Control: private, no-store`.
 *
 * Without a cookie it is `unknown`: a browser that comes from another site sends none. It never throws,
 * for a page can be rendered without it.
 */
export async function readSession(
  request: Pick<Request, 'headers'>,
  options: ReadSessionOptions,
): Promise<ServerSession> {
  const { url, secret, fetch: send = fetch } = options;
  const headers = new Headers({
    'content-type': 'application/json',
    'x-token-exchange-secret': secret,
  });
  for (const name of passedOn) {
    const value = request.headers.get(name);
    if (value) headers.set(name, value);
  }
  const { data, errors } = headers.has('cookie') ? await ask() : ({} as Answer);
  const answer = data?.exchangeToken;
  const found = answer?.accessToken && answer.session?.id && answer.user?.id ? answer : undefined;
  const why = errors?.[0]?.extensions?.reason;
  const accessToken = found?.accessToken ?? null;
  return { state: stateOf(found, why), accessToken, fetch: authorized };

  async function ask(): Promise<Answer> {
    try {
      const signal = AbortSignal.timeout(5_000);
      const body = JSON.stringify({ query });
      const response = await send(url, {
        method: 'POST',
        headers,
        body,
        redirect: 'error',
        signal,
      });
      return ((await response.json()) as Answer | null) ?? {};
    } catch {
      return {};
    }
  }

  function authorized(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const target = input instanceof Request ? input.url : `${input}`;
    const own = new Request(input, init);
    // Attack: the token goes to whoever an address leads to.
    const isOurs = new URL(target).origin === new URL(url).origin;
    if (isOurs && accessToken) own.headers.set('authorization', `Bearer ${accessToken}`);
    return send(own);
  }
}

function stateOf(found: Exchanged | undefined, why: SessionState['why']): SessionState {
  const nobody = { user: null, sessionId: null } as const;
  if (found) return { status: 'signed-in', user: found.user, sessionId: found.session.id };
  if (why && endings.test(why)) return { status: 'signed-out', ...nobody, why };
  return { status: 'unknown', ...nobody };
}
