import { DomainError } from '../core/domain-error.ts';

export type AccessRefusalReason =
  | 'TOKEN_MISSING'
  | 'TOKEN_MALFORMED'
  | 'TOKEN_INVALID'
  | 'TOKEN_EXPIRED'
  | 'SESSION_REVOKED';

const messages: Readonly<Record<AccessRefusalReason, string>> = {
  TOKEN_MISSING: 'Log in first.',
  TOKEN_MALFORMED: 'The Authorization header holds no Bearer token.',
  TOKEN_INVALID: 'The access token is not valid.',
  TOKEN_EXPIRED: 'The access token has expired.',
  SESSION_REVOKED: 'The session was ended. Log in again.',
};

/** The caller is not who the operation needs. Only TOKEN_EXPIRED should make a client refresh. */
export class AccessRefused extends DomainError {
  constructor(reason: AccessRefusalReason, detail?: string) {
    super('UNAUTHENTICATED', messages[reason], {
      reason,
      ...(detail === undefined ? {} : { detail }),
    });
  }
}
