import { networkOf } from './client-network.ts';
import { take } from './credential-throttle.ts';
import type { MakeLimiter } from './limiters.ts';

/** An address makes 1,000 registrations in 10 minutes, counted whether they succeed or not. */
export const registrationLimits = { attempts: 1_000, window: 10 * 60 } as const;

export const registrationCounter = {
  keyPrefix: 'registration-address',
  points: registrationLimits.attempts,
  duration: registrationLimits.window,
} as const;

/** Counts a registration. @throws RateLimited with the wait */
export type RegistrationThrottle = (ip: string | null) => Promise<void>;

/** Attack: accounts made by the thousand, each costing a hash and a row. */
export function createRegistrationThrottle(make: MakeLimiter): RegistrationThrottle {
  const address = make(registrationCounter);
  return (ip) => take(() => address.consume(networkOf(ip)));
}
