import { listenToAnnouncements } from '../db/announcements.ts';
import type { NotificationListener } from '../db/notification-listener.ts';
import { sessionEventChannel } from '../db/stores/audit-log.ts';
import { toNotable } from '../db/stores/session-row.ts';
import { notableChannel } from '../db/stores/session-statements.ts';
import { keyChannel } from '../db/stores/signing-key-store.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Base } from './base.ts';
import type { Storage } from './storage.ts';

/** Keeps revocations and keys as every other process has them. */
export async function followOtherProcesses(
  { now, timers, log, onStop }: Base,
  { target, stores, announce, revocations, sessionEvents, accessTokenLifetime }: Storage,
  keyRing: KeyRing,
): Promise<NotificationListener> {
  const onLost = (err: unknown) => log.error({ err }, 'announcements.lost');
  const listener = await listenToAnnouncements({
    target,
    announce,
    every: timers.every,
    elapsed: () => performance.now(),
    onLost,
    onRegained: () => log.info('announcements.regained'),
    announcements: [
      {
        channel: notableChannel,
        heard: (payload) => revocations.apply(toNotable(JSON.parse(payload))),
        async catchUp() {
          const since = new Date(now().getTime() - accessTokenLifetime);
          for (const session of await stores.sessions.listNotable(since)) {
            revocations.apply(session);
          }
        },
      },
      {
        // What was missed is gone: a device that was not there looks at its sessions when it is back.
        channel: sessionEventChannel,
        heard(payload) {
          const event = JSON.parse(payload);
          sessionEvents.publish({ ...event, at: new Date(event.at) });
        },
        catchUp: async () => {},
      },
      {
        channel: keyChannel,
        heard: () => void keyRing.reload().catch(onLost),
        catchUp: keyRing.reload,
      },
    ],
  });
  onStop(listener.stop);
  onStop(async () => timers.stop());
  return listener;
}
