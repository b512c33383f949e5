import type { NotableSession } from '../sessions/notable-session.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { DatabaseTarget } from './data-source.ts';
import { type NotificationListener, startNotificationListener } from './notification-listener.ts';
import { toNotable } from './stores/session-row.ts';
import { notableChannel } from './stores/session-statements.ts';

export interface RevocationFeedOptions {
  readonly target: DatabaseTarget;
  readonly sessions: Pick<SessionStore, 'listNotable'>;
  /** How far back access tokens may still be alive. */
  readonly since: () => Date;
  readonly apply: (session: NotableSession) => void;
  readonly every: (milliseconds: number, work: () => void) => void;
  readonly onLost: (error: unknown) => void;
  readonly onRegained: () => void;
}

/** Milliseconds between two looks at an embedded database. */
const embeddedInterval = 500;

/**
 * Keeps this process told of what other processes do to sessions. The embedded database passes no
 * notifications on; there only the command line is another process, and a look now and then suffices.
 */
export async function startRevocationFeed(
  options: RevocationFeedOptions,
): Promise<NotificationListener> {
  const catchUp = async () => {
    for (const session of await options.sessions.listNotable(options.since())) {
      options.apply(session);
    }
  };
  if ('socketFolder' in options.target) {
    await catchUp();
    options.every(embeddedInterval, () => void catchUp().catch(options.onLost));
    return { isListening: () => true, stop: async () => {} };
  }
  return startNotificationListener({
    url: options.target.url,
    channels: { [notableChannel]: (payload) => options.apply(toNotable(JSON.parse(payload))) },
    catchUp,
    onLost: options.onLost,
    onRegained: options.onRegained,
  });
}
