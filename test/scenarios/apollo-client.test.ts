import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { from, switchMap } from 'rxjs';
import {
  LoginDocument,
  LogoutDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { type BrowserFetch, createBrowserFetch } from '../support/browser-fetch.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('Apollo Client in a browser', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it('registers, outlives its access token, logs out and in again', async () => {
    const browser = createBrowserFetch(gateway.origin);
    const { client, session } = createClient(gateway.origin, browser);
    const input = { email: freshEmail(), password: goodPassword };

    const registered = await client.mutate({ mutation: RegisterDocument, variables: { input } });
    session.accessToken = registered.data?.register.accessToken;
    expect(await readMe(client)).toMatchObject({ email: input.email });

    gateway.clock.advance(16 * 60_000);
    const before = browser.calls();
    const cookie = browser.cookies.get('refreshToken');
    expect(await readMe(client)).toMatchObject({ email: input.email });
    expect(browser.calls() - before).toBe(3); // refused, refreshed, repeated
    expect(browser.cookies.get('refreshToken')).not.toBe(cookie);

    await client.mutate({ mutation: LogoutDocument });
    expect(browser.cookies.has('refreshToken')).toBe(false);
    session.accessToken = undefined;
    expect(await readMe(client)).toBeNull();

    const { email: identifier, password } = input;
    const again = await client.mutate({
      mutation: LoginDocument,
      variables: { input: { identifier, password } },
    });
    session.accessToken = again.data?.login.accessToken;
    expect(await readMe(client)).toMatchObject({ email: input.email });
  });

  it('refreshes once for many queries that meet the end of the access token together', async () => {
    const browser = createBrowserFetch(gateway.origin);
    const { client, session } = createClient(gateway.origin, browser);
    const { data } = await client.mutate({
      mutation: RegisterDocument,
      variables: { input: { email: freshEmail(), password: goodPassword } },
    });
    session.accessToken = data?.register.accessToken;

    gateway.clock.advance(16 * 60_000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => readMe(client)));
    expect(new Set(answers.map((me) => me?.id))).toEqual(new Set([data?.register.user.id]));
    expect(session.refreshes).toBe(1);
  });

  it('gives the reason of a refusal to the page', async () => {
    const { client } = createClient(gateway.origin, createBrowserFetch(gateway.origin));
    const failure = client.mutate({
      mutation: LoginDocument,
      variables: { input: { identifier: freshEmail(), password: goodPassword } },
    });
    await expect(failure).rejects.toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'INVALID_CREDENTIALS' } }],
    });
  });
});

interface PageSession {
  accessToken: string | undefined;
  refreshes: number;
}

/** A client as a page would set it up: the access token in memory, the refresh token in the cookie. */
function createClient(origin: string, browser: BrowserFetch) {
  const session: PageSession = { accessToken: undefined, refreshes: 0 };
  let refreshing: Promise<void> | undefined;
  const refresh = async () => {
    session.refreshes += 1;
    const { data } = await client.mutate({ mutation: RefreshDocument, fetchPolicy: 'no-cache' });
    session.accessToken = data?.refreshToken.accessToken;
  };
  const renew = new ErrorLink(({ error, operation, forward }) => {
    const isExpired =
      CombinedGraphQLErrors.is(error) &&
      error.errors.some(({ extensions }) => extensions?.reason === 'TOKEN_EXPIRED');
    if (!isExpired) return undefined;
    // Sent before the last refresh, refused after it: there is a newer token already.
    if (operation.getContext().headers?.authorization !== bearer(session))
      return forward(operation);
    refreshing ??= refresh().finally(() => {
      refreshing = undefined;
    });
    return from(refreshing).pipe(switchMap(() => forward(operation)));
  });
  const authorize = new SetContextLink(({ headers }) => ({
    headers: session.accessToken ? { ...headers, authorization: bearer(session) } : headers,
  }));
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      renew,
      authorize,
      new HttpLink({ uri: `${origin}/graphql`, fetch: browser.fetch }),
    ]),
    defaultOptions: { query: { fetchPolicy: 'no-cache' } },
    queryDeduplication: false,
  });
  return { client, session };
}

function bearer({ accessToken }: PageSession): string {
  return `Bearer ${accessToken}`;
}

async function readMe(client: ApolloClient) {
  const { data } = await client.query({ query: MeDocument, fetchPolicy: 'no-cache' });
  return data?.me;
}
