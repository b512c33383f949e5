import { randomBytes } from 'node:crypto';
import { createBeginStepUp } from '../factors/begin-step-up.ts';
import { createBeginTotpSetup } from '../factors/begin-totp-setup.ts';
import { createCompleteSignIn } from '../factors/complete-sign-in.ts';
import { createConfirmTotpSetup } from '../factors/confirm-totp-setup.ts';
import { createListAuthenticators } from '../factors/list-authenticators.ts';
import { createRegenerateRecoveryCodes } from '../factors/regenerate-recovery-codes.ts';
import { createRemoveAuthenticator } from '../factors/remove-authenticator.ts';
import { createStepUp } from '../factors/step-up.ts';
import { createVerifyFactor } from '../factors/verify-factor.ts';
import type { FactorUseCases } from '../graphql/factors/factor.resolver.ts';
import type { SecondFactorUseCases } from '../graphql/factors/sign-in.resolver.ts';
import { createSealedSecrets } from '../keys/sealed-secrets.ts';
import type { OpenSession } from '../sessions/open-session.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Storage } from './storage.ts';

/** What an account is opened with besides the password. */
export function wireFactors(
  { config, now, newId }: Base,
  { stores, transact }: Storage,
  { accessTokens, oneTimeTokens, credentialThrottle, confirmPassword }: Credentials,
  openSession: OpenSession,
): FactorUseCases & SecondFactorUseCases {
  const sealedSecrets = createSealedSecrets(config.keys.encryptionSecrets);
  const verifyFactor = createVerifyFactor({ sealedSecrets });
  const change = { now, newId, randomBytes, sealedSecrets, transact };
  return {
    listAuthenticators: createListAuthenticators(stores),
    beginTotpSetup: createBeginTotpSetup({ ...change, issuer: config.mail.productName }),
    confirmTotpSetup: createConfirmTotpSetup(change),
    regenerateRecoveryCodes: createRegenerateRecoveryCodes(change),
    removeAuthenticator: createRemoveAuthenticator(change),
    completeSignIn: createCompleteSignIn({
      now,
      tokens: oneTimeTokens,
      throttle: credentialThrottle,
      verifyFactor,
      transact,
      openSession,
    }),
    beginStepUp: createBeginStepUp(stores.factors),
    stepUp: createStepUp({
      now,
      accessTokens,
      confirmPassword,
      factors: stores.factors,
      throttle: credentialThrottle,
      verifyFactor,
      transact,
    }),
  };
}
