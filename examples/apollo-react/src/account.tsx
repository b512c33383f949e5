import { gql, type TypedDocumentNode } from '@apollo/client';
import { useQuery, useSubscription } from '@apollo/client/react';
import { useSession } from 'graphql-gatehouse-client/react';
import { useState } from 'react';

interface Account {
  me: { email: string } | null;
  sessions: { nodes: { id: string; browser: string | null; current: boolean }[] };
}
interface Events {
  sessionEvents: { kind: string; at: string };
}

const account: TypedDocumentNode<Account> = gql`
  query Account {
    me { email }
    sessions { nodes { id browser current } }
  }
`;
const events: TypedDocumentNode<Events> = gql`
  subscription Events {
    sessionEvents { kind at }
  }
`;

export function Account() {
  const { logout } = useSession();
  const { data, error, refetch } = useQuery(account);
  const [seen, setSeen] = useState<Events['sessionEvents'][]>([]);
  useSubscription(events, {
    onData({ data }) {
      const event = data.data?.sessionEvents;
      if (event) setSeen((all) => [...all, event]);
      refetch();
    },
  });

  if (error) return <p role="alert">{error.message}</p>;
  return (
    <>
      <h1>{data?.me?.email}</h1>
      <button type="button" onClick={() => logout()}>
        Sign out
      </button>
      <h2>Where you are signed in</h2>
      <ul>
        {data?.sessions.nodes.map(({ id, browser, current }) => (
          <li key={id}>
            {browser} {current && '(here)'}
          </li>
        ))}
      </ul>
      <h2>What happens to your account</h2>
      <ol>
        {seen.map(({ kind, at }) => (
          <li key={at}>{kind}</li>
        ))}
      </ol>
    </>
  );
}
