import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Hears at once what other processes announce with NOTIFY. */
export interface NotificationListener {
  /** False while an announcement could be missed: after a lost connection, until all was read again. */
  readonly isListening: () => boolean;
  readonly stop: () => Promise<void>;
}

export interface NotificationListenerOptions {
  readonly url: string;
  /** What to do with an announcement, by channel. */
  readonly channels: Readonly<Record<string, (payload: string) => void>>;
  /** Reads everything that may have been missed. It runs while new announcements already arrive. */
  readonly catchUp: () => Promise<void>;
  readonly onLost: (error: unknown) => void;
  readonly onRegained: () => void;
}

/** Milliseconds. A connection that dies without a word is noticed within two of the first. */
const heartbeat = 500;
const patience = 1_000;
const reconnectDelays = [50, 100, 200, 400, 800] as const;

/**
 * Attack: a revocation that this process never hears of. A connection can be dead without anybody
 * being told, so it is asked all the time; while it does not answer, `isListening` is false and
 * callers ask the database.
 */
export async function startNotificationListener(
  options: NotificationListenerOptions,
): Promise<NotificationListener> {
  let listening = false;
  let stopped = false;
  let client = await subscribe(options);
  listening = true;

  const running = keepAlive();
  return {
    isListening: () => listening,
    async stop() {
      stopped = true;
      listening = false;
      await client.end().catch(() => {});
      await running;
    },
  };

  async function keepAlive(): Promise<void> {
    while (!stopped) {
      const reason = await untilLost(client);
      if (stopped) return;
      listening = false;
      options.onLost(reason);
      await resubscribe();
    }
  }

  async function resubscribe(): Promise<void> {
    for (let attempt = 0; !stopped; attempt += 1) {
      await sleep(reconnectDelays[Math.min(attempt, reconnectDelays.length - 1)]);
      try {
        client = await subscribe(options);
        listening = true;
        options.onRegained();
        return;
      } catch {
        // Still away: the next attempt follows.
      }
    }
  }
}

async function subscribe({
  url,
  channels,
  catchUp,
}: NotificationListenerOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'gatehouse listener',
    connectionTimeoutMillis: patience,
    query_timeout: patience,
  });
  // Whatever happens to it later is noticed by the next heartbeat.
  client.on('error', () => {});
  client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''));
  try {
    await client.connect();
    for (const channel of Object.keys(channels)) await client.query(`LISTEN ${channel}`);
    await catchUp();
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
}

async function untilLost(client: pg.Client): Promise<unknown> {
  try {
    for (;;) {
      await client.query('SELECT 1');
      await sleep(heartbeat, undefined, { ref: false });
    }
  } catch (error) {
    void client.end().catch(() => {});
    return error;
  }
}
