import { DomainError } from '../core/domain-error.ts';

/** The answer to wrong credentials: one text, whichever part was wrong (ASVS 5.0 6.3.8). */
export class InvalidCredentials extends DomainError {
  constructor() {
    super('UNAUTHENTICATED', 'The identifier or the password is wrong.', {
      reason: 'INVALID_CREDENTIALS',
    });
  }
}

export type TerminalRefreshReason =
  | 'REFRESH_TOKEN_INVALID'
  | 'REFRESH_TOKEN_EXPIRED'
  | 'REFRESH_TOKEN_REUSED'
  | 'SESSION_REVOKED'
  | 'TOKEN_MISSING';

const terminalMessages: Readonly<Record<TerminalRefreshReason, string>> = {
  REFRESH_TOKEN_INVALID: 'The refresh token is not valid. Log in again.',
  REFRESH_TOKEN_EXPIRED: 'The session has expired. Log in again.',
  REFRESH_TOKEN_REUSED: 'The refresh token was used before. The session was ended. Log in again.',
  SESSION_REVOKED: 'The session was ended. Log in again.',
  TOKEN_MISSING: 'No refresh token was sent. Log in first.',
};

/** A refresh that can never succeed. Only this clears the cookie. */
export class RefreshRefused extends DomainError {
  constructor(reason: TerminalRefreshReason, detail?: string) {
    super('UNAUTHENTICATED', terminalMessages[reason], {
      reason,
      ...(detail === undefined ? {} : { detail }),
    });
  }
}

/**
 * A token that lost a race which somebody else in the same browser has won: the newer token is on
 * its way. Nothing was revoked, and nobody is signed out: clients sign people out on UNAUTHENTICATED.
 */
export class RefreshSuperseded extends DomainError {
  constructor() {
    super('CONFLICT', 'A newer refresh token was issued. Retry with it.', {
      reason: 'REFRESH_TOKEN_SUPERSEDED',
      retryable: true,
      retryAfterSeconds: 1,
    });
  }
}

export class SessionNotFound extends DomainError {
  constructor() {
    super('NOT_FOUND', 'You have no such session.', { reason: 'SESSION_NOT_FOUND' });
  }
}

/** A token exchange that no trusted server asked for. */
export class ServerNotTrusted extends DomainError {
  constructor(detail: string) {
    super('FORBIDDEN', 'Only a server that shows TOKEN_EXCHANGE_SECRET may exchange tokens.', {
      reason: 'SERVER_NOT_TRUSTED',
      detail,
    });
  }
}
