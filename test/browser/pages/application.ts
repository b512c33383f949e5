import { createSession, toGatehouseError } from 'graphql-gatehouse-client';
import { SessionProvider, SignedIn, SignedOut } from 'graphql-gatehouse-client/react';
import { webSocketOptions } from 'graphql-gatehouse-client/ws';
import { createClient } from 'graphql-ws';
import { createElement, type FunctionComponent, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { simulatedPage } from './simulated-page.ts';

/** What each GraphQL client does in its own way. */
export interface GraphQLClient {
  /** Who is signed in, asked anew of the gateway. */
  readonly ask: () => Promise<string | undefined>;
  /** A mutation. */
  readonly rename: (firstName: string) => Promise<string | undefined>;
  /** The same, and shown anew whenever that changes. */
  readonly watch: (show: (answer: Watched) => void) => void;
  /** Everything that it keeps. */
  readonly cache: () => unknown;
}

export interface Me {
  readonly me: { readonly id: string; readonly email: string } | null;
}
export interface Watched {
  readonly data?: Me | null | undefined;
  readonly error?: unknown;
}
export interface Renamed {
  readonly updateProfile: { readonly user: { readonly firstName: string } };
}
export interface Events {
  readonly sessionEvents: { readonly kind: string };
}

export const documents = {
  me: 'query Me { me { id email } }',
  ask: 'query Ask { me { id email } }',
  rename:
    'mutation Rename($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id firstName } } }',
  events: 'subscription Events { sessionEvents { kind } }',
} as const;

const password = 'correct horse battery staple';
const url = new URL('/graphql', location.href).href;

export const session = createSession({ url });
export const socket = createClient({
  url: url.replace('http', 'ws'),
  ...webSocketOptions(session),
});

/** Shows a page that is one thing for whoever is signed in, and another for nobody. */
export function showApplication(
  client: GraphQLClient,
  Account: FunctionComponent,
  Provider: FunctionComponent<{ children?: ReactNode }>,
): void {
  const sides = [
    createElement(SignedIn, { key: 'in' }, createElement(Account)),
    createElement(SignedOut, { key: 'out' }, 'Nobody'),
  ];
  const shown: string[] = [];
  createRoot(document.getElementById('root') as HTMLElement).render(
    createElement(SessionProvider, { session }, createElement(Provider, null, ...sides)),
  );
  Object.assign(globalThis, {
    application: {
      ...simulatedPage,
      ...client,
      watch: () =>
        client.watch(({ data, error }) => {
          shown.push(error ? toGatehouseError(error).code : `${data?.me?.email}`);
        }),
      shown: () => shown,
      register: (email: string) => session.register({ email, password }),
      login: (identifier: string) => session.login({ identifier, password }),
      logout: session.logout,
      roles: () => session.state.user?.roles,
      userId: () => session.state.user?.id,
      sessionId: () => session.state.sessionId,
      askOften: (times: number) => Promise.all(Array.from({ length: times }, client.ask)),
      kept: () => JSON.stringify(client.cache()) + document.documentElement.outerHTML,
      /** The code of what is thrown. */
      failureOfAsking: () =>
        client.ask().then(
          () => undefined,
          (error) => toGatehouseError(error).code,
        ),
    },
  });
}
