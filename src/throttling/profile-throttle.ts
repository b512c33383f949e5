import { take } from './credential-throttle.ts';
import type { MakeLimiter } from './limiters.ts';

/** An account changes its profile 60 times an hour. */
export const profileLimits = { changes: 60, window: 3_600 } as const;

export const profileCounter = {
  keyPrefix: 'profile-changes',
  points: profileLimits.changes,
  duration: profileLimits.window,
} as const;

/** Counts a change of a profile. @throws RateLimited with the wait */
export type ProfileThrottle = (userId: string) => Promise<void>;

/** Attack: taking one username after another to learn which of them open an account. */
export function createProfileThrottle(make: MakeLimiter): ProfileThrottle {
  const changes = make(profileCounter);
  return (userId) => take(() => changes.consume(userId));
}
