import { networkOf } from './client-network.ts';
import { take } from './credential-throttle.ts';
import type { MakeLimiter } from './limiters.ts';

/** A network begins 1,000 sign-ins at providers in 10 minutes. */
export const providerLimits = { attempts: 1_000, window: 10 * 60 } as const;

export const providerCounter = {
  keyPrefix: 'provider-network',
  points: providerLimits.attempts,
  duration: providerLimits.window,
} as const;

/** Counts a sign-in that begins. @throws RateLimited with the wait */
export type ProviderThrottle = (ip: string | null) => Promise<void>;

/** Attack: sign-ins begun by the million, each of which is a row, and none of which is ever completed. */
export function createProviderThrottle(make: MakeLimiter): ProviderThrottle {
  const network = make(providerCounter);
  return (ip) => take(() => network.consume(networkOf(ip)));
}
