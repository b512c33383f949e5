import { createSession } from 'graphql-gatehouse-client';
import { webSocketOptions } from 'graphql-gatehouse-client/ws';
import { createClient } from 'graphql-ws';

/** Of the browser: on the server nobody asks it. */
export const session = createSession({ url: '/graphql' });

/** Calls back with what happens to the account. @returns what stops that */
export function watchAccount(onEvent: (kind: string) => void): () => void {
  const socket = createClient({
    url: `${location.origin.replace('http', 'ws')}/graphql`,
    ...webSocketOptions(session),
  });
  socket.subscribe<{ sessionEvents: { kind: string } }>(
    { query: 'subscription { sessionEvents { kind } }' },
    {
      next: ({ data }) => data && onEvent(data.sessionEvents.kind),
      // Its end is the session's, which tells of it.
      error() {},
      complete() {},
    },
  );
  return () => void socket.dispose();
}
