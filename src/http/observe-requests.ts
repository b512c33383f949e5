import { logLevelOf } from '../graphql/errors.ts';
import type { RequestActivity } from '../graphql/request-activity.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import { activityOf } from './request-id.ts';
import { type Handler, passing } from './step.ts';

export interface AnsweredRequest {
  readonly activity: RequestActivity;
  readonly status: number;
  readonly milliseconds: number;
  /** Its client left before the answer was out. */
  readonly aborted: boolean;
}

/** Told of each request when it is over. */
export type RequestObserver = (answered: AnsweredRequest) => void;

/** Tells the observers of each request, once, however it ends. */
export function observeRequests(observers: readonly RequestObserver[]): Handler {
  return passing((_request, response) => {
    const start = performance.now();
    response.on('close', () => {
      const answered: AnsweredRequest = {
        activity: activityOf(response),
        status: response.statusCode,
        milliseconds: performance.now() - start,
        aborted: !response.writableFinished,
      };
      for (const observe of observers) observe(answered);
    });
    return [];
  });
}

/** Counts and times requests by operation. */
export function requestMetrics(
  metrics: Pick<Metrics, 'requestAnswered' | 'knownOperationAnswered'>,
): RequestObserver {
  return ({ activity, milliseconds, aborted }) => {
    const code = aborted ? 'ABORTED' : (activity.code ?? 'OK');
    metrics.requestAnswered(activity.operation ?? 'unknown', code, milliseconds);
    if (activity.wasKnown) metrics.knownOperationAnswered();
  };
}

/** One line a request. */
export function requestLog(log: Logger): RequestObserver {
  return ({ activity, status, milliseconds, aborted }) => {
    const { requestId, trace, operation, code, reason, detail } = activity;
    const level = code === undefined ? 'info' : logLevelOf(code);
    if (!log.isLevelEnabled(level)) return;
    log[level](
      {
        requestId,
        traceId: trace?.traceId,
        operation,
        status,
        ms: Math.round(milliseconds * 100) / 100,
        code,
        reason,
        detail,
        ...(aborted ? { aborted } : {}),
      },
      'request.answered',
    );
  };
}
