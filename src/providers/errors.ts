import { BadUserInput, DomainError } from '../core/domain-error.ts';

/** The provider, or the person there, said no; or what it said does not hold. */
export class ProviderRefused extends DomainError {
  constructor(detail: string, cause?: unknown) {
    super('FORBIDDEN', 'The provider did not sign you in. Begin again.', {
      reason: 'PROVIDER_REFUSED',
      detail,
      cause,
    });
  }
}

/** The provider does not answer, or not in a way that can be used. */
export class ProviderUnavailable extends DomainError {
  constructor(detail: string, cause?: unknown) {
    super('SERVICE_UNAVAILABLE', 'The provider does not answer. Try again shortly.', {
      reason: 'PROVIDER_UNAVAILABLE',
      retryable: true,
      retryAfterSeconds: 5,
      detail,
      cause,
    });
  }
}

/** What came back belongs to nothing that was begun here, or to something that is over. */
export class StateInvalid extends DomainError {
  constructor(detail: string) {
    super('FORBIDDEN', 'This was begun elsewhere, took too long, or was used. Begin again.', {
      reason: 'STATE_INVALID',
      detail,
    });
  }
}

/** Somebody proved an address at a provider, and there is an account with it, which is not theirs for that. */
export class LinkRequired extends DomainError {
  constructor() {
    super(
      'CONFLICT',
      'There is an account with this address. Sign in to it in another way, or ask for a new password, and link the provider there.',
      { reason: 'LINK_REQUIRED' },
    );
  }
}

export class IdentityTaken extends DomainError {
  constructor() {
    super('CONFLICT', 'This belongs to another account here already.', {
      reason: 'IDENTITY_TAKEN',
    });
  }
}

/** There is no account for this identity, and the provider proves no address to make one with. */
export class EmailUnprovedByProvider extends DomainError {
  constructor() {
    super(
      'FORBIDDEN',
      'The provider does not show that the e-mail address is yours. Sign up with it here, and link the provider then.',
      { reason: 'EMAIL_UNPROVED_BY_PROVIDER' },
    );
  }
}

export class IdentityNotFound extends DomainError {
  constructor() {
    super('NOT_FOUND', 'You have no such identity.', { reason: 'IDENTITY_NOT_FOUND' });
  }
}

export function unknownProvider(): BadUserInput {
  const message = 'There is no such provider here.';
  return new BadUserInput([{ path: 'provider', rule: 'PROVIDER', message }]);
}
