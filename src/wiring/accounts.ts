import { createAssertProved } from '../accounts/assert-proved.ts';
import { createConfirmEmailChange } from '../accounts/confirm-email-change.ts';
import { passwordResetState } from '../accounts/one-time-states.ts';
import { createRequestEmailChange } from '../accounts/request-email-change.ts';
import { createRequestMail } from '../accounts/request-mail.ts';
import { mayBeAnother } from '../accounts/take-password-away.ts';
import { createUndoEmailChange } from '../accounts/undo-email-change.ts';
import { createUpdateProfile } from '../accounts/update-profile.ts';
import { createVerifyEmail } from '../accounts/verify-email.ts';
import type { AccountUseCases } from '../graphql/accounts/account.resolver.ts';
import type { EmailChangeUseCases } from '../graphql/accounts/email-change.resolver.ts';
import type { PasswordUseCases } from '../graphql/passwords/password.resolver.ts';
import { createChangePassword } from '../passwords/change-password.ts';
import { createResetPassword } from '../passwords/reset-password.ts';
import { createMailThrottle } from '../throttling/mail-throttle.ts';
import { createProfileThrottle } from '../throttling/profile-throttle.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Storage } from './storage.ts';

/** The life of an account between its registration and its end. */
export function wireAccounts(
  { config, now, randomBytes }: Base,
  { stores, transact, makeLimiter }: Storage,
  { oneTimeTokens: tokens, passwordHasher, passwordPolicy, confirmPassword }: Credentials,
): AccountUseCases & EmailChangeUseCases & PasswordUseCases {
  const throttle = createMailThrottle(makeLimiter);
  const mailing = { now, throttle, outbox: stores.outbox };
  const findHolder = stores.accounts.findCredentialsById;
  return {
    verifyEmail: createVerifyEmail({ now, randomBytes, tokens, transact }),
    requestVerification: createRequestMail('verify-email', mailing),
    updateProfile: createUpdateProfile({
      now,
      throttle: createProfileThrottle(makeLimiter),
      assertProved: createAssertProved(config.requireVerifiedEmail !== 'never'),
      transact,
    }),
    requestEmailChange: createRequestEmailChange({
      now,
      tokens,
      confirmPassword,
      throttle,
      transact,
    }),
    confirmEmailChange: createConfirmEmailChange({ now, randomBytes, tokens, transact }),
    undoEmailChange: createUndoEmailChange({ now, randomBytes, tokens, transact }),
    changePassword: createChangePassword({
      now,
      passwordPolicy,
      confirmPassword,
      transact,
    }),
    requestPasswordReset: createRequestMail('reset-password', mailing),
    resetPassword: createResetPassword({
      now,
      tokens,
      passwordPolicy,
      passwordHasher,
      findHolder,
      stateOf: passwordResetState,
      mayBeAnother,
      transact,
    }),
  };
}
