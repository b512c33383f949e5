import { keyPurposes } from '../keys/signing-key.ts';
import { createReadiness, type Readiness } from '../observability/readiness.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { OpenedGraph } from './graph.ts';
import type { Storage } from './storage.ts';

/** What this process can't do without. */
export function wireReadiness(
  { config, timers }: Base,
  { isWritable }: Storage,
  { keyRing }: Credentials,
  isListening: () => boolean,
  graph: OpenedGraph['standing'],
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
      // Until every subgraph was asked once, others know more of the graph.
      ...(graph ? { graph: graph.isTried } : {}),
    },
    ...(graph ? { notices: { graph: graph.state } } : {}),
  });
}
