import { keyPurposes } from '../keys/signing-key.ts';
import { createReadiness, type Readiness } from '../observability/readiness.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Storage } from './storage.ts';

/** What this process can't do without. */
export function wireReadiness(
  { config, timers }: Base,
  { isWritable }: Storage,
  { keyRing }: Credentials,
  isListening: () => boolean,
  isGraphStale: (() => boolean) | undefined,
): Readiness {
  const purposes = Object.keys(keyPurposes(config.accessToken.algorithm)) as Parameters<
    typeof keyRing.keys
  >[0][];
  return createReadiness({
    after: timers.after,
    checks: {
      database: isWritable,
      keys: () => purposes.every((purpose) => keyRing.signingKey(purpose) !== undefined),
      revocations: isListening,
    },
    ...(isGraphStale ? { stale: { graph: isGraphStale } } : {}),
  });
}
