import { createMustHaveSecondFactor } from '../access/must-have-second-factor.ts';
import { createBeginPasskeySetup } from '../factors/begin-passkey-setup.ts';
import { createBeginFactors } from '../factors/begin-step-up.ts';
import { createBeginTotpSetup } from '../factors/begin-totp-setup.ts';
import { createCeremonies } from '../factors/ceremony.ts';
import { createCompletePasskeySetup } from '../factors/complete-passkey-setup.ts';
import { createCompleteSignIn } from '../factors/complete-sign-in.ts';
import { createConfirmTotpSetup } from '../factors/confirm-totp-setup.ts';
import { createListAuthenticators } from '../factors/list-authenticators.ts';
import { createRegenerateRecoveryCodes } from '../factors/regenerate-recovery-codes.ts';
import { createRemoveAuthenticator } from '../factors/remove-authenticator.ts';
import { createRenamePasskey } from '../factors/rename-passkey.ts';
import { createReserveFor } from '../factors/reserve-for.ts';
import { createSignInWithPasskey } from '../factors/sign-in-with-passkey.ts';
import { createStepUp } from '../factors/step-up.ts';
import { createVerifyFactor } from '../factors/verify-factor.ts';
import { createVerifyPasskey } from '../factors/verify-passkey.ts';
import type { FactorUseCases } from '../graphql/factors/factor.resolver.ts';
import type { PasskeyUseCases } from '../graphql/factors/passkey.resolver.ts';
import type { SecondFactorUseCases } from '../graphql/factors/sign-in.resolver.ts';
import { createSealedSecrets } from '../keys/sealed-secrets.ts';
import type { FactorChange } from '../observability/metrics.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Upgrades } from './guests.ts';
import type { Opening } from './sessions.ts';
import type { Storage } from './storage.ts';

/** What an account is opened with besides the password. */
export function wireFactors(
  { config, now, newId, randomBytes, metrics }: Base,
  { stores, transact }: Storage,
  { accessTokens, oneTimeTokens: tokens, credentialThrottle, confirmPassword }: Credentials,
  openSession: Opening['openSession'],
  { becomeAccount, assertUpgradable }: Upgrades,
): FactorUseCases & SecondFactorUseCases & PasskeyUseCases {
  const sealedSecrets = createSealedSecrets(config.keys.encryptionSecrets);
  const relyingParty = { ...config.passkeys, name: config.mail.productName };
  const ceremonies = createCeremonies(tokens, randomBytes);
  const verifyPasskey = createVerifyPasskey({
    ceremonies,
    relyingParty,
    onSuspended: () => metrics?.factorChanged('passkey_suspended'),
  });
  const verifyFactor = createVerifyFactor({ sealedSecrets, verifyPasskey });
  const reserveFor = createReserveFor(
    credentialThrottle,
    async (userId) => (await stores.accounts.findCredentialsById(userId))?.passwordHash,
  );
  const change = { now, newId, randomBytes, sealedSecrets, ceremonies, relyingParty, transact };
  return {
    listAuthenticators: createListAuthenticators(stores),
    beginTotpSetup: createBeginTotpSetup({ ...change, issuer: config.mail.productName }),
    confirmTotpSetup: counted(createConfirmTotpSetup(change), 'totp_added'),
    regenerateRecoveryCodes: counted(
      createRegenerateRecoveryCodes(change),
      'recovery_codes_replaced',
    ),
    removeAuthenticator: counted(
      createRemoveAuthenticator({
        ...change,
        isProvider: (name) => config.providers.some((provider) => provider.name === name),
        mustHaveSecondFactor: createMustHaveSecondFactor(config.secondFactor),
      }),
      'removed',
    ),
    completeSignIn: createCompleteSignIn({
      now,
      tokens,
      reserveFor,
      verifyFactor,
      transact,
      openSession,
    }),
    ...createBeginFactors({ ...change, ...stores, tokens }),
    beginPasskeySetup: createBeginPasskeySetup({ ...change, assertUpgradable }),
    completePasskeySetup: counted(
      createCompletePasskeySetup({ ...change, assertUpgradable, becomeAccount }),
      'passkey_added',
    ),
    renamePasskey: createRenamePasskey(change),
    signInWithPasskey: createSignInWithPasskey({
      now,
      reserveFor,
      transact,
      openSession,
      verifyPasskey,
      factors: stores.factors,
      isProofFirst: config.requireVerifiedEmail === 'login',
    }),
    stepUp: createStepUp({
      now,
      accessTokens,
      confirmPassword,
      factors: stores.factors,
      reserveFor,
      verifyFactor,
      transact,
    }),
  };

  /** Counts what was done, and not what was refused. */
  function counted<Command, Result>(
    useCase: (command: Command) => Promise<Result>,
    change: FactorChange,
  ): (command: Command) => Promise<Result> {
    return async (command) => {
      const result = await useCase(command);
      metrics?.factorChanged(change);
      return result;
    };
  }
}
