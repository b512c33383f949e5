import { Client, fetchExchange } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import {
  LoginDocument,
  LogoutDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('urql in an app that keeps no cookies', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it('registers, outlives its access token, logs out and in again', async () => {
    const keychain: Keychain = { refreshes: 0 };
    const client = createClient(gateway.origin, keychain);
    const credentials = { email: freshEmail(), password: goodPassword };

    const registered = await client.mutation(RegisterDocument, {
      input: { ...credentials, delivery: 'BODY' },
    });
    keep(keychain, registered.data?.register);
    expect(await readMe(client)).toMatchObject({ email: credentials.email });

    gateway.clock.advance(16 * 60_000);
    const spent = keychain.refreshToken;
    expect(await readMe(client)).toMatchObject({ email: credentials.email });
    expect(keychain.refreshes).toBe(1);
    expect(keychain.refreshToken).not.toBe(spent);

    const { refreshToken = '' } = keychain;
    const loggedOut = await client.mutation(LogoutDocument, { input: { refreshToken } });
    expect(loggedOut.data?.logout).toEqual({ success: true });
    const refused = await client.mutation(RefreshDocument, { input: { refreshToken } });
    expect(refused.error?.graphQLErrors[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'SESSION_REVOKED',
    });

    const again = await client.mutation(LoginDocument, {
      input: { identifier: credentials.email, password: credentials.password, delivery: 'BODY' },
    });
    keep(keychain, again.data?.login);
    expect(await readMe(client)).toMatchObject({ email: credentials.email });
  });

  it('keeps its session when many queries meet the end of the access token together', async () => {
    const keychain: Keychain = { refreshes: 0 };
    const client = createClient(gateway.origin, keychain);
    const { data } = await client.mutation(RegisterDocument, {
      input: { email: freshEmail(), password: goodPassword, delivery: 'BODY' },
    });
    keep(keychain, data?.register);

    gateway.clock.advance(16 * 60_000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => readMe(client)));
    expect(new Set(answers.map((me) => me?.id))).toEqual(new Set([data?.register.user.id]));
  });
});

interface Keychain {
  accessToken?: string;
  refreshToken?: string;
  refreshes: number;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

function keep(keychain: Keychain, tokens: Tokens | undefined): void {
  if (!tokens?.refreshToken) throw new Error('no tokens came');
  keychain.accessToken = tokens.accessToken;
  keychain.refreshToken = tokens.refreshToken;
}

/** A client as an app would set it up, after the documentation of urql's authentication. */
function createClient(origin: string, keychain: Keychain): Client {
  return new Client({
    url: `${origin}/graphql`,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [
      authExchange(async ({ appendHeaders, mutate }) => ({
        addAuthToOperation: (operation) =>
          keychain.accessToken
            ? appendHeaders(operation, { authorization: `Bearer ${keychain.accessToken}` })
            : operation,
        didAuthError: ({ graphQLErrors }) =>
          graphQLErrors.some(({ extensions }) => extensions.reason === 'TOKEN_EXPIRED'),
        async refreshAuth() {
          keychain.refreshes += 1;
          const { refreshToken = '' } = keychain;
          const { data } = await mutate(RefreshDocument, { input: { refreshToken } });
          keep(keychain, data?.refreshToken);
        },
      })),
      fetchExchange,
    ],
  });
}

async function readMe(client: Client) {
  const { data, error } = await client.query(MeDocument, {});
  if (error) throw error;
  return data?.me;
}
