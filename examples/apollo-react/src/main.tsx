import { ApolloProvider } from '@apollo/client/react';
import { SessionProvider, SignedIn, SignedOut } from 'graphql-gatehouse-client/react';
import { createRoot } from 'react-dom/client';
import { Account } from './account.js';
import { client, session } from './session.js';
import { SignIn } from './sign-in.js';

createRoot(document.getElementById('root') as HTMLElement).render(
  <SessionProvider session={session}>
    <ApolloProvider client={client}>
      <SignedIn>
        <Account />
      </SignedIn>
      <SignedOut>
        <SignIn />
      </SignedOut>
    </ApolloProvider>
  </SessionProvider>,
);
