import type { ClientOptions } from 'graphql-ws';
import { type Pass, passesOf } from './passes.ts';
import type { Session } from './session.ts';

/** Milliseconds: how often it is looked whether anybody is there, and how long an answer may take. */
const patience = 10_000;

/** What a WebSocket closes with, as the gateway and graphql-ws's client understand it. */
const closings = { over: 4401, outdated: 4403, restart: 4205 } as const;

interface Socket {
  readonly readyState: number;
  send(data: string): void;
  close(code: number, reason: string): void;
}

/**
 * Options for graphql-ws's client, and so for the subscriptions of Apollo Client and urql:
 * `createClient({ url, ...webSocketOptions(session) })`. The access token goes out with the connection,
 * and a newer one in a `ping` before it ends. Another user connects anew, and so does whoever hears
 * nothing for 20 seconds. When the session ends, so do
 * the subscriptions, with a close event 4401, without another attempt.
 */
export function webSocketOptions(
  session: Session,
): Pick<
  ClientOptions,
  | 'connectionAckWaitTimeout'
  | 'connectionParams'
  | 'keepAlive'
  | 'on'
  | 'retryAttempts'
  | 'retryWait'
  | 'shouldRetry'
> {
  const passes = session[passesOf];
  let socket: Socket | undefined;
  let pass: Pass | undefined;
  let stopWatching = () => {};
  let silence: ReturnType<typeof setTimeout> | undefined;

  return {
    connectionAckWaitTimeout: patience,
    // After a sleep, or behind a proxy that forgot it, a connection is dead and does not say so.
    keepAlive: patience,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    // graphql-ws doubles its own without an end.
    retryWait: (retries) =>
      new Promise((resolve) => {
        setTimeout(resolve, Math.min(30_000, 500 * 2 ** retries) * (0.75 + Math.random() / 2));
      }),
    async connectionParams() {
      try {
        pass = await passes.take();
        return paramsOf(pass);
      } catch {
        // Nobody can tell who is asking: later, somebody may.
        socket?.close(closings.restart, 'No token');
        return {};
      }
    },
    on: {
      opened(opened) {
        socket = opened as Socket;
      },
      connected(connected) {
        const own = connected as Socket;
        const { signal } = pass as Pass;
        const onAbort = () => {
          const isOver = session.state.status === 'signed-out';
          own.close(isOver ? closings.over : closings.restart, 'Session changed');
        };
        const stop = passes.onToken((renewed) => {
          pass = renewed;
          if (own.readyState !== 1) return;
          own.send(JSON.stringify({ type: 'ping', payload: paramsOf(renewed) }));
        });
        stopWatching = () => {
          stop();
          signal.removeEventListener('abort', onAbort);
        };
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort);
      },
      ping(isReceived) {
        if (isReceived) return;
        silence = setTimeout(() => socket?.close(closings.restart, 'No pong'), patience);
      },
      pong(isReceived) {
        if (isReceived) clearTimeout(silence);
      },
      closed(event) {
        clearTimeout(silence);
        stopWatching();
        const { code } = event as { readonly code: number };
        const reason =
          code === closings.over
            ? 'SESSION_REVOKED'
            : code === closings.outdated && 'TOKEN_EXPIRED';
        if (pass && reason) passes.isRefused(pass, { errors: [{ extensions: { reason } }] });
      },
    },
  };
}

function paramsOf({ token }: Pass): Record<string, unknown> {
  return token ? { authorization: `Bearer ${token}` } : {};
}
