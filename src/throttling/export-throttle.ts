import { take } from './credential-throttle.ts';
import type { MakeLimiter } from './limiters.ts';

/** An account has its data given to it 10 times an hour. */
export const exportLimits = { exports: 10, window: 3_600 } as const;

export const exportCounter = {
  keyPrefix: 'data-exports',
  points: exportLimits.exports,
  duration: exportLimits.window,
} as const;

/** Counts an export. @throws RateLimited with the wait */
export type ExportThrottle = (userId: string) => Promise<void>;

/** Attack: one short request after another, each of which reads and sends thousands of rows. */
export function createExportThrottle(make: MakeLimiter): ExportThrottle {
  const exports = make(exportCounter);
  return (userId) => take(() => exports.consume(userId));
}
