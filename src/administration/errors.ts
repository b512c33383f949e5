import { DomainError } from '../core/domain-error.ts';

export class UserNotFound extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such user.', { reason: 'USER_NOT_FOUND' });
  }
}

/** @throws AdministrationDenied for a guest, who has no account that this could be done to */
export function assertNoGuest({
  account,
}: {
  readonly account: { readonly isGuest: boolean };
}): void {
  if (account.isGuest) throw new AdministrationDenied('This is a guest, who has no account yet.');
}

/** What an administrator may not do to this account, whatever scopes they hold. */
export class AdministrationDenied extends DomainError {
  constructor(message: string) {
    super('FORBIDDEN', message, { reason: 'POLICY_DENIED' });
  }
}
