import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { StartError } from '../core/start-error.ts';
import { translateDatabaseError } from './database-errors.ts';
import { impatientClient } from './impatient-client.ts';
import { type Connections, connectionsTo } from './primary-client.ts';

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
  /** Announces something on a connection of its own, as whoever has to be heard does. */
  readonly announce: (channel: string, payload: string) => Promise<void>;
  /** Milliseconds that have passed since some moment: a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly onLost: (error: unknown) => void;
  readonly onRegained: () => void;
}

/** Milliseconds between two questions, and for which an answer is waited. */
const heartbeat = 250;
const patience = 650;
/** Milliseconds for which an answer vouches for what came after its question. */
const lease = 900;
const connectPatience = 1_000;
const reconnectDelays = [50, 100, 200, 400] as const;
/** What a listener tells itself, to know that it hears. */
export const echoChannel = 'gatehouse_echo';

/** A connection that listens, and what ends it. */
interface Subscription {
  readonly client: pg.Client;
  /** Resolves with the reason when the connection breaks. */
  readonly broken: Promise<unknown>;
  /** When the last question that was answered had been asked. */
  vouchedAt: number;
}

/**
 * Attack: a revocation that this process never hears of. A connection can be dead without anybody
 * being told, so it is asked all the time. An answer shows that everything announced before its
 * question has arrived; when the last such question is older than the lease, `isListening` is false
 * and callers ask the database. Nothing has to notice the silence for that: not a timer, not an event.
 *
 * @throws ServiceUnavailable when the database does not answer at the start
 * @throws StartError when what is announced does not arrive at the start
 */
export async function startNotificationListener(
  options: NotificationListenerOptions,
): Promise<NotificationListener> {
  const { elapsed, onLost, onRegained } = options;
  const connections = connectionsTo(
    options.url,
    impatientClient({ connect: connectPatience, answer: patience, onSilence: () => {} }),
  );
  const stopping = new AbortController();
  let subscription: Subscription | undefined = await subscribe(options, connections);

  const running = keepAlive();
  return {
    isListening: () => subscription !== undefined && elapsed() - subscription.vouchedAt <= lease,
    async stop() {
      stopping.abort();
      await running;
    },
  };

  async function keepAlive(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (!subscription) {
        await resubscribe();
      } else {
        const reason = await untilLost(subscription, elapsed, stopping.signal);
        hangUp(subscription.client);
        subscription = undefined;
        if (!stopping.signal.aborted) onLost(reason);
      }
    }
    if (subscription) hangUp(subscription.client);
  }

  async function resubscribe(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      await sleep(reconnectDelays[Math.min(attempt, reconnectDelays.length - 1)]);
      try {
        subscription = await subscribe(options, connections);
        onRegained();
        return;
      } catch {
        // Still away: the next attempt follows.
      }
    }
  }
}

async function subscribe(
  options: NotificationListenerOptions,
  connections: Connections,
): Promise<Subscription> {
  const { channels, catchUp, announce, elapsed } = options;
  const { url, Client } = connections;
  const client = new Client({
    connectionString: url,
    application_name: 'gatehouse listener',
  });
  const broken = new Promise<unknown>((resolve) => {
    client.on('error', resolve);
    client.on('end', () => resolve(new Error('Connection terminated')));
  });
  client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''));
  try {
    await client.connect();
    for (const channel of Object.keys(channels)) await client.query(`LISTEN ${channel}`);
    await assertHears(client, broken, announce);
    await catchUp();
    const vouchedAt = elapsed();
    await client.query('SELECT 1');
    return { client, broken, vouchedAt };
  } catch (error) {
    hangUp(client);
    throw translateDatabaseError(error);
  }
}

/**
 * Attack: a revocation that nobody hears of, because a pooler in between has lent the connection that
 * listens to somebody else, or because announcements are made in another database than this one.
 */
async function assertHears(
  client: pg.Client,
  broken: Promise<unknown>,
  announce: NotificationListenerOptions['announce'],
): Promise<void> {
  const token = randomUUID();
  await client.query(`LISTEN ${echoChannel}`);
  const heard = new Promise<true>((resolve) => {
    client.on('notification', ({ channel, payload }) => {
      if (channel === echoChannel && payload === token) resolve(true);
    });
  });
  await announce(echoChannel, token);
  // Once the connection is lost nothing else may keep the process alive: it would end without a word.
  const lost = broken.then((reason) => Promise.reject(reason));
  const isHeard = await Promise.race([heard, lost, sleep(patience, false, { ref: false })]);
  await client.query(`UNLISTEN ${echoChannel}`);
  if (!isHeard) {
    throw new StartError(
      'What is announced in the database of DATABASE_URL is not heard. A pooler in transaction mode passes no announcements on: DATABASE_DIRECT_URL must name PostgreSQL itself, with the same database.',
    );
  }
}

/** Asks and asks. @returns why there is no answer any more, or nothing when it was stopped */
async function untilLost(
  subscription: Subscription,
  elapsed: () => number,
  signal: AbortSignal,
): Promise<unknown> {
  const { client, broken } = subscription;
  const isBroken = broken.then(() => true);
  try {
    while (!signal.aborted) {
      const askedAt = elapsed();
      await client.query('SELECT 1');
      subscription.vouchedAt = askedAt;
      const pause = sleep(heartbeat, false, { ref: false, signal });
      if (await Promise.race([isBroken, pause])) return await broken;
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

/** A polite goodbye would wait for a server that may never read it. */
function hangUp(client: pg.Client): void {
  client.end().catch(() => {});
  client.connection.stream.destroy();
}
