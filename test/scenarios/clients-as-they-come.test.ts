import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { cacheExchange as cache6, fetchExchange as fetch6, Client as Urql6 } from '@urql/core';
import { ClientError, GraphQLClient } from 'graphql-request';
import { cacheExchange as cache5, fetchExchange as fetch5, Client as Urql5 } from 'urql5';
import { LoginDocument, MeDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** What an application does with its client, which nobody has configured beyond the address and a token. */
interface Application {
  readonly register: (email: string) => Promise<string | undefined>;
  /** @returns the address that the token stands for, or null for nobody */
  readonly whoAmI: () => Promise<string | null | undefined>;
  /** @returns code and reason of the refusal */
  readonly logInWrongly: (email: string) => Promise<string>;
}

type MakeApplication = (url: string, token: () => string | undefined) => Application;

const wrong = (identifier: string) => ({ input: { identifier, password: `${goodPassword}?` } });
const wordFor = (extensions: unknown) => {
  const { code, reason } = Object(extensions) as Record<string, unknown>;
  return `${code}/${reason}`;
};

const urql =
  (make: (url: string, authorization: () => string) => Pick<Urql6, 'query' | 'mutation'>) =>
  (url: string, token: () => string | undefined): Application => {
    // Made anew for each, for its cache would go on to say who was here before.
    const client = () => make(url, () => authorizationOf(token()));
    return {
      async register(email) {
        const input = { email, password: goodPassword };
        const { data } = await client().mutation(RegisterDocument, { input });
        return data?.register.accessToken;
      },
      async whoAmI() {
        const { data, error } = await client().query(MeDocument, {});
        if (error) throw error;
        return emailOf(data?.me);
      },
      async logInWrongly(email) {
        const { error } = await client().mutation(LoginDocument, wrong(email));
        return wordFor(error?.graphQLErrors[0]?.extensions);
      },
    };
  };

function emailOf<Email>(
  me: { readonly email: Email } | null | undefined,
): Email | null | undefined {
  return me ? me.email : me;
}

/** As the documentation of Apollo shows it, without a token too. */
function authorizationOf(token: string | undefined): string {
  return token ? `Bearer ${token}` : '';
}

const clients: readonly (readonly [name: string, make: MakeApplication])[] = [
  [
    'urql 6',
    urql(
      (url, authorization) =>
        new Urql6({
          url,
          exchanges: [cache6, fetch6],
          fetchOptions: () => ({ headers: { authorization: authorization() } }),
        }),
    ),
  ],
  [
    'urql 5',
    urql(
      (url, authorization) =>
        new Urql5({
          url,
          exchanges: [cache5, fetch5],
          fetchOptions: () => ({ headers: { authorization: authorization() } }),
        }) as unknown as Urql6,
    ),
  ],
  [
    'Apollo Client 4',
    (url, token) => {
      const auth = new SetContextLink(({ headers }) => ({
        headers: { ...headers, authorization: authorizationOf(token()) },
      }));
      const client = () =>
        new ApolloClient({
          cache: new InMemoryCache(),
          link: auth.concat(new HttpLink({ uri: url })),
        });
      return {
        async register(email) {
          const input = { email, password: goodPassword };
          const { data } = await client().mutate({
            mutation: RegisterDocument,
            variables: { input },
          });
          return data?.register.accessToken;
        },
        async whoAmI() {
          const { data } = await client().query({ query: MeDocument });
          return emailOf(data?.me);
        },
        logInWrongly: (email) =>
          client()
            .mutate({ mutation: LoginDocument, variables: wrong(email) })
            .then(
              () => 'no refusal',
              (error: unknown) =>
                CombinedGraphQLErrors.is(error)
                  ? wordFor(error.errors[0]?.extensions)
                  : String(error),
            ),
      };
    },
  ],
  [
    'graphql-request',
    (url, token) => {
      const client = new GraphQLClient(url, {
        headers: () => ({ authorization: authorizationOf(token()) }),
      });
      return {
        async register(email) {
          const input = { email, password: goodPassword };
          return (await client.request(RegisterDocument, { input })).register.accessToken;
        },
        async whoAmI() {
          const { me } = await client.request(MeDocument, {});
          return emailOf(me);
        },
        logInWrongly: (email) =>
          client.request(LoginDocument, wrong(email)).then(
            () => 'no refusal',
            (error: unknown) =>
              error instanceof ClientError
                ? wordFor(error.response.errors?.[0]?.extensions)
                : String(error),
          ),
      };
    },
  ],
  [
    'fetch',
    (url, token) => {
      const ask = async (query: string, variables = {}) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: authorizationOf(token()),
          },
          body: JSON.stringify({ query, variables }),
        });
        return (await response.json()) as {
          data?: Record<string, { accessToken?: string; email: string } | null>;
          errors?: { extensions: unknown }[];
        };
      };
      return {
        async register(email) {
          const input = { email, password: goodPassword };
          const { data } = await ask(
            'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }',
            { input },
          );
          return data?.register?.accessToken;
        },
        async whoAmI() {
          const { data } = await ask('{ me { email } }');
          return emailOf(data?.me);
        },
        async logInWrongly(email) {
          const { errors } = await ask(
            'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }',
            wrong(email),
          );
          return wordFor(errors?.[0]?.extensions);
        },
      };
    },
  ],
];

describe.each(clients)('%s as it comes', (_name, make) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it('asks as nobody, registers, asks as somebody, and is told why it is refused', async () => {
    let token: string | undefined;
    const application = make(`${gateway.origin}/graphql`, () => token);
    const email = freshEmail();
    expect(await application.whoAmI()).toBeNull();
    token = await application.register(email);
    expect(await application.whoAmI()).toBe(email);
    token = undefined;
    expect(await application.whoAmI()).toBeNull();
    expect(await application.logInWrongly(email)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
  });
});
