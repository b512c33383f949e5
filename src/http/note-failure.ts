import { DomainError } from '../core/domain-error.ts';
import type { Answer } from '../graphql/errors.ts';
import type { RequestActivity } from '../graphql/request-activity.ts';

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
