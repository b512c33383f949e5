import { SessionProvider, SignedIn, SignedOut, useSession } from 'graphql-gatehouse-client/react';
import { useEffect, useState } from 'react';
import { data, type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router';
import { readAccount } from './account.server.js';
import { session, watchAccount } from './session.js';
import { SignIn } from './sign-in.js';

export const loader = async ({ request }: LoaderFunctionArgs) =>
  data(await readAccount(request), { headers: { 'cache-control': 'private, no-store' } });

export const headers = ({ loaderHeaders }: { loaderHeaders: Headers }) => loaderHeaders;

export default function Home() {
  const { state } = useLoaderData<typeof loader>();
  return (
    <SessionProvider session={session} initial={state}>
      <SignedIn>
        <Account />
      </SignedIn>
      <SignedOut>
        <SignIn />
      </SignedOut>
    </SessionProvider>
  );
}

function Account() {
  const { state, logout } = useSession();
  const { account } = useLoaderData<typeof loader>();
  const { revalidate } = useRevalidator();
  const [kinds, setKinds] = useState<readonly string[]>([]);
  const email = state.user?.email;
  // Who has just signed in is not whom the server rendered the page for.
  const isOurs = account?.me?.email === email;
  useEffect(() => {
    if (!isOurs) void revalidate();
  }, [isOurs, revalidate]);
  useEffect(
    () =>
      watchAccount((kind) => {
        setKinds((all) => [...all, kind]);
        void revalidate();
      }),
    [revalidate],
  );

  return (
    <>
      <h1>{email}</h1>
      {/* What was rendered for somebody stands in the page's source until it is loaded again. */}
      <button type="button" onClick={() => logout().then(() => location.reload())}>
        Sign out
      </button>
      <h2>Where you are signed in</h2>
      <ul>
        {isOurs &&
          account?.sessions.nodes.map(({ id, browser, current }) => (
            <li key={id}>
              {browser} {current && '(here)'}
            </li>
          ))}
      </ul>
      <h2>What happens to your account</h2>
      <ol>
        {kinds.map((kind, index) => (
          <li key={`${index} ${kind}`}>{kind}</li>
        ))}
      </ol>
    </>
  );
}
