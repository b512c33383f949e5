import { DomainError } from '../core/domain-error.ts';

/** Too many attempts. Waiting helps; nothing is locked. */
export class RateLimited extends DomainError {
  constructor(waitMilliseconds: number, message = 'Too many attempts. Wait before the next one.') {
    super('RATE_LIMITED', message, {
      retryable: true,
      retryAfterSeconds: Math.max(1, Math.ceil(waitMilliseconds / 1_000)),
    });
  }
}
