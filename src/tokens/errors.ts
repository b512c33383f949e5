import { DomainError, type StepUpDemand } from '../core/domain-error.ts';

export type AccessRefusalReason =
  | 'TOKEN_MISSING'
  | 'TOKEN_MALFORMED'
  | 'TOKEN_INVALID'
  | 'TOKEN_EXPIRED'
  | 'SESSION_REVOKED'
  | 'ENROLMENT_REQUIRED';

const messages: Readonly<Record<AccessRefusalReason, string>> = {
  TOKEN_MISSING: 'Log in first.',
  TOKEN_MALFORMED: 'The access token is none: it has not the form of one.',
  TOKEN_INVALID: 'The access token is not valid.',
  TOKEN_EXPIRED: 'The access token has expired.',
  SESSION_REVOKED: 'The session was ended. Log in again.',
  ENROLMENT_REQUIRED: 'Add a second factor first.',
};

/** The caller is not who the operation needs. Only TOKEN_EXPIRED should make a client refresh. */
export class AccessRefused extends DomainError {
  /** @param message where there is more to say than the reason does */
  constructor(reason: AccessRefusalReason, detail?: string, message = messages[reason]) {
    super('UNAUTHENTICATED', message, {
      reason,
      ...(detail === undefined ? {} : { detail }),
    });
  }
}

/**
 * The password was right, and is not enough. Neither a refresh nor a sign-out helps: the sign-in is to be
 * completed.
 */
export class SecondFactorRequired extends DomainError {
  constructor(stepUp: StepUpDemand) {
    super('UNAUTHENTICATED', 'Complete the sign-in with your second factor.', {
      reason: 'SECOND_FACTOR_REQUIRED',
      stepUp,
    });
  }
}

/**
 * Who asks is known, and has shown too little of who they are, or too long ago (RFC 9470). Neither a
 * refresh nor a sign-out helps: `stepUp` does.
 */
export class StepUpRequired extends DomainError {
  constructor(stepUp: StepUpDemand) {
    super('UNAUTHENTICATED', 'Show once more who you are.', { reason: 'STEP_UP_REQUIRED', stepUp });
  }
}

/** Something that takes an account, asked for by a guest. */
export class AccountRequired extends DomainError {
  constructor() {
    super('FORBIDDEN', 'This takes an account: register, or log in.', {
      reason: 'ACCOUNT_REQUIRED',
    });
  }
}

/** Something that only the account's own holder may do, asked for by somebody who acts as them. */
export class ImpersonationRefused extends DomainError {
  constructor() {
    super('FORBIDDEN', 'Only the person themselves may do this.', { reason: 'POLICY_DENIED' });
  }
}

export type OneTimeRefusalReason =
  | 'ONE_TIME_TOKEN_INVALID'
  | 'ONE_TIME_TOKEN_EXPIRED'
  | 'ONE_TIME_TOKEN_USED'
  | 'ONE_TIME_TOKEN_WRONG_PURPOSE';

const oneTimeMessages: Readonly<Record<OneTimeRefusalReason, string>> = {
  ONE_TIME_TOKEN_INVALID: 'This link is not valid. Ask for a new one.',
  ONE_TIME_TOKEN_EXPIRED: 'This link has expired. Ask for a new one.',
  ONE_TIME_TOKEN_USED: 'This link was used, or something newer took its place.',
  ONE_TIME_TOKEN_WRONG_PURPOSE: 'This link is for something else.',
};

/**
 * A token out of a mail that can never do what was asked. It is no UNAUTHENTICATED: clients answer
 * that by refreshing or by signing the person out, and neither would help.
 */
export class OneTimeTokenRefused extends DomainError {
  constructor(reason: OneTimeRefusalReason, detail?: string) {
    super('FORBIDDEN', oneTimeMessages[reason], {
      reason,
      ...(detail === undefined ? {} : { detail }),
    });
  }
}
