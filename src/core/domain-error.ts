import type { AssuranceLevel } from './assurance.ts';

/** What kind of failure a caller met. Clients switch on it; it never changes its meaning. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'OPERATION_LIMIT'
  | 'SERVICE_UNAVAILABLE'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'SUBGRAPH_ERROR'
  | 'UNAUTHORIZED_FIELD_OR_TYPE'
  | 'INTERNAL_SERVER_ERROR';

/** One input field that was refused: where it stands, which rule it broke, and a text for people. */
export interface FieldProblem {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** What somebody has to show who is not let through yet: how (the ways are FactorMethod), and how fresh. */
export interface StepUpDemand {
  /** The ways that they have; undefined where nobody has looked. */
  readonly methods?: readonly string[];
  readonly acr: AssuranceLevel;
  /** Seconds; undefined where any age will do. */
  readonly maxAge?: number;
  /** Names the sign-in that is to be completed, for who keeps no cookie. */
  readonly challenge?: string;
  readonly expiresAt?: Date;
}

export interface DomainErrorDetails {
  /** The narrower reason inside the code, SCREAMING_SNAKE and stable. */
  readonly reason?: string;
  /** True when the same request may succeed later without the user doing anything. */
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  readonly fields?: readonly FieldProblem[];
  readonly stepUp?: StepUpDemand;
  /** For the log only: never sent to a caller. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/**
 * The base of every failure that a caller can act on. `message` is safe for strangers: it holds no
 * value, id, e-mail or token. `detail` and `cause` reach only the log.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: readonly FieldProblem[] | undefined;
  readonly stepUp: StepUpDemand | undefined;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, details: DomainErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.reason = details.reason;
    this.retryable = details.retryable ?? false;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.fields = details.fields;
    this.stepUp = details.stepUp;
    this.detail = details.detail;
  }
}

/** Input that breaks a rule, field by field. It names the fields, never their values. */
export class BadUserInput extends DomainError {
  constructor(fields: readonly FieldProblem[]) {
    super('BAD_USER_INPUT', fields.map((field) => field.message).join(' '), { fields });
  }
}

/** The process or its database can't serve this now; nothing was changed, and trying again is right. */
export class ServiceUnavailable extends DomainError {
  constructor(
    reason: 'DATABASE' | 'BUSY',
    details: Pick<DomainErrorDetails, 'detail' | 'cause'> & {
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super('SERVICE_UNAVAILABLE', 'The service is busy. Try again shortly.', {
      retryAfterSeconds: 1,
      ...details,
      reason,
      retryable: true,
    });
  }
}
