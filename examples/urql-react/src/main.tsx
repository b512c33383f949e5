import { SessionProvider, SignedIn, SignedOut, usePerUser } from 'graphql-gatehouse-client/react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { Account } from './account.js';
import { createUrqlClient, session } from './session.js';
import { SignIn } from './sign-in.js';

function App() {
  return (
    <Provider value={usePerUser(createUrqlClient)}>
      <SignedIn>
        <Account />
      </SignedIn>
      <SignedOut>
        <SignIn />
      </SignedOut>
    </Provider>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <SessionProvider session={session}>
    <App />
  </SessionProvider>,
);
