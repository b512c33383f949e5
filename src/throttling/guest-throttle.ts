import { networkOf } from './client-network.ts';
import { take } from './credential-throttle.ts';
import type { MakeLimiter } from './limiters.ts';

/** A network makes 200 guests in 10 minutes, all networks together make 50,000 in an hour. */
export const guestLimits = {
  attempts: 200,
  window: 10 * 60,
  attemptsOfAll: 50_000,
  windowOfAll: 3_600,
} as const;

export const guestCounter = {
  keyPrefix: 'guest-address',
  points: guestLimits.attempts,
  duration: guestLimits.window,
} as const;

export const allGuestsCounter = {
  keyPrefix: 'guest-all',
  points: guestLimits.attemptsOfAll,
  duration: guestLimits.windowOfAll,
} as const;

/** Counts a guest. @throws RateLimited with the wait */
export type GuestThrottle = (ip: string | null) => Promise<void>;

/**
 * Attack: guests made by the thousand, each a row and a session; and by the million, from thousands of
 * networks, until the database is full. Those who are there go on, and accounts are made as before.
 */
export function createGuestThrottle(make: MakeLimiter): GuestThrottle {
  const network = make(guestCounter);
  const all = make(allGuestsCounter);
  return async (ip) => {
    await take(() => network.consume(networkOf(ip)));
    await take(
      () => all.consume('all'),
      'There are too many new guests now. Come back later, or register.',
    );
  };
}
