import { webSocketOptions } from 'graphql-gatehouse-client/ws';
import { createClient } from 'graphql-ws';
import { session } from '../kit/session.ts';
import { at, settings } from '../kit/settings.ts';

/**
 * Calls back when something happens to the account: a device signs in or is signed out. Where no
 * WebSocket gets through, or the graph leaves the subscription out, nothing is told.
 *
 * @returns what stops that
 */
export function onSessionEvent(listener: () => void): () => void {
  const { sessionEvents: query } = settings;
  if (query === null) return () => {};
  const url = new URL(at('/graphql'), location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const client = createClient({ url: url.href, lazyCloseTimeout: 0, ...webSocketOptions(session) });
  const stop = client.subscribe({ query }, { next: listener, error: () => {}, complete: () => {} });
  return () => {
    stop();
    void client.dispose();
  };
}
