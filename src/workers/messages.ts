import type { MetricValues } from '../observability/metrics.ts';

/** What the primary process tells a worker. */
export type ToWorker =
  | { readonly type: 'stop' }
  | { readonly type: 'metrics'; readonly question: number };

/** What a worker tells the primary process. */
export type ToPrimary =
  | { readonly type: 'listening' }
  | { readonly type: 'started'; readonly port: number }
  | { readonly type: 'metrics'; readonly question: number; readonly values: MetricValues };
