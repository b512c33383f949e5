import { startCoprocessorServer } from '../http/coprocessor-server.ts';
import { startMetricsServer } from '../http/metrics-server.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Authenticate } from '../sessions/authenticate.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';

/** The endpoint that a router asks before it asks a subgraph. @returns its port, where it has one */
export async function serveCoprocessor(
  base: Base,
  credentials: Credentials,
  authenticate: Authenticate,
): Promise<number | undefined> {
  const { coprocessor: place } = base.config;
  if (!place) return undefined;
  const { openCoprocessor } = await import('./coprocessor.ts');
  const opened = await openCoprocessor(base, credentials, authenticate);
  const server = await startCoprocessorServer({ place, ...opened });
  base.onStop(server.stop);
  return server.port;
}

/** @param give takes the metrics where nobody here serves them. @returns their port, where they have one */
export async function serveMetrics(
  { config, metrics, onStop }: Base,
  give: ((metrics: Metrics) => void) | undefined,
): Promise<number | undefined> {
  if (!metrics || !config.metrics) return undefined;
  if (give) return void give(metrics);
  const server = await startMetricsServer(metrics, config.metrics.host, config.metrics.port);
  onStop(server.stop);
  return server.port;
}
