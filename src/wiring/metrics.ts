import type { Config } from '../config/config.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Credentials } from './credentials.ts';
import type { Storage } from './storage.ts';

/** The metrics of this process, or undefined without METRICS_PORT: then nothing of them is loaded. */
export async function openMetrics(config: Config): Promise<Metrics | undefined> {
  if (!config.metrics) return undefined;
  const { createMetrics } = await import('../observability/metrics.ts');
  return createMetrics();
}

/** Lets the metrics look at what is counted elsewhere. */
export function watchStorage(
  metrics: Metrics,
  { connections, revocations }: Storage,
  { passwordHasher }: Credentials,
  isListening: () => boolean,
): void {
  metrics.watch({
    hashQueue: passwordHasher.occupied,
    connections,
    isListening,
    revocations: revocations.size,
  });
}
