import { DomainError } from '../core/domain-error.ts';
import { type Answer, originOf, toAnswer } from '../graphql/errors.ts';
import type { RequestActivity } from '../graphql/request-activity.ts';
import type { Logger } from '../observability/logger.ts';

/** Keeps why a request was refused or failed: of several reasons the first. */
export function noteFailure(
  activity: RequestActivity,
  { extensions: { code, reason } }: Answer,
  origin: unknown,
): void {
  if (activity.code !== undefined) return;
  activity.code = code;
  activity.reason = typeof reason === 'string' ? reason : undefined;
  activity.detail = origin instanceof DomainError ? origin.detail : undefined;
}

/** A refusal is told by the request's own line; what failed for a reason of ours shows its stack. */
export function reportFailure(log: Logger, activity: RequestActivity, error: unknown): void {
  const answer = toAnswer({ message: '', ...codeOf(error) }, error);
  noteFailure(activity, answer, originOf(error));
  const { code } = answer.extensions;
  if (code !== 'INTERNAL_SERVER_ERROR' && code !== 'SERVICE_UNAVAILABLE') return;
  const { requestId, operation } = activity;
  log.error({ requestId, operation, code, err: originOf(error) }, 'operation.failed');
}

function codeOf(error: unknown): object {
  return typeof error === 'object' && error !== null && 'extensions' in error
    ? { extensions: error.extensions }
    : {};
}
