import type { DatabaseTarget } from './data-source.ts';
import { type NotificationListener, startNotificationListener } from './notification-listener.ts';

/** What one process has to tell the others at once. */
export interface Announcement {
  readonly channel: string;
  readonly heard: (payload: string) => void;
  /** Reads whatever may have been missed. */
  readonly catchUp: () => Promise<void>;
}

export interface AnnouncementOptions {
  readonly target: DatabaseTarget;
  readonly announcements: readonly Announcement[];
  readonly every: (milliseconds: number, work: () => void) => void;
  /** Announces something by the way on which everybody does. */
  readonly announce: (channel: string, payload: string) => Promise<void>;
  /** Milliseconds that have passed since some moment: a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly onLost: (error: unknown) => void;
  readonly onRegained: () => void;
}

/** Milliseconds between two looks at an embedded database. */
const embeddedInterval = 500;

/**
 * Keeps this process told of what other processes do. The embedded database passes no notifications
 * on; there only the command line is another process, and a look now and then suffices.
 */
export async function listenToAnnouncements(
  options: AnnouncementOptions,
): Promise<NotificationListener> {
  const { target, announcements, announce, every, elapsed, onLost, onRegained } = options;
  const catchUp = async () => {
    for (const announcement of announcements) await announcement.catchUp();
  };
  if ('socketFolder' in target) {
    await catchUp();
    every(embeddedInterval, () => void catchUp().catch(onLost));
    return { isListening: () => true, stop: async () => {} };
  }
  return startNotificationListener({
    url: target.directUrl ?? target.url,
    channels: Object.fromEntries(announcements.map(({ channel, heard }) => [channel, heard])),
    catchUp,
    announce,
    elapsed,
    onLost,
    onRegained,
  });
}
