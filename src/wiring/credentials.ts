import { createMustHaveSecondFactor } from '../access/must-have-second-factor.ts';
import type { AccountCredentials } from '../accounts/account-store.ts';
import { hasSecondFactor } from '../factors/factors.ts';
import { createAccessTokenKeys } from '../keys/access-token-keys.ts';
import { type KeyRing, openKeyRing } from '../keys/key-ring.ts';
import { createRotateKeys } from '../keys/rotate-keys.ts';
import { keyPurposes } from '../keys/signing-key.ts';
import { type ConfirmPassword, createConfirmPassword } from '../passwords/confirm-password.ts';
import { createHashPool, type HashPool } from '../passwords/hash-pool.ts';
import type { PasswordHashing } from '../passwords/password-hasher.ts';
import { createPasswordPolicy, type PasswordPolicy } from '../passwords/password-policy.ts';
import {
  type CredentialThrottle,
  createCredentialThrottle,
} from '../throttling/credential-throttle.ts';
import { type AccessTokens, createAccessTokens } from '../tokens/access-token.ts';
import { createDeviceTokens, type DeviceTokens } from '../tokens/device-token.ts';
import {
  createOneTimeTokens,
  type OneTimeTokens,
  oneTimeLifetimes,
} from '../tokens/one-time-token.ts';
import { createRefreshTokens, type RefreshTokens } from '../tokens/refresh-token.ts';
import { createRegistrantTokens, type RegistrantTokens } from '../tokens/registrant-token.ts';
import { createSignInCodes, type SignInCodes } from '../tokens/sign-in-code.ts';
import type { Base } from './base.ts';
import type { Storage } from './storage.ts';

/** Milliseconds. */
const keyMaintenance = 60_000;
const longestOneTimeToken = Math.max(...Object.values(oneTimeLifetimes)) * 1_000;
/** Milliseconds that a request may wait for a thread that hashes. */
const hashDeadline = 15_000;

export interface Credentials {
  readonly keyRing: KeyRing;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly deviceTokens: DeviceTokens;
  readonly registrantTokens: RegistrantTokens;
  readonly signInCodes: SignInCodes;
  readonly oneTimeTokens: OneTimeTokens;
  readonly passwordHasher: HashPool;
  readonly passwordPolicy: PasswordPolicy;
  /** Log-ins and whatever else checks a password count together. */
  readonly credentialThrottle: CredentialThrottle;
  /** For what somebody who is signed in must give the password for. */
  readonly confirmPassword: ConfirmPassword<AccountCredentials>;
}

/** Everything that makes or checks something secret. */
export async function openCredentials(
  { config, now, newId, randomBytes, timers, log, metrics, onStop }: Base,
  { stores, transact, accessTokenLifetime, limiters }: Storage,
  estimate?: PasswordHashing['estimate'],
): Promise<Credentials> {
  // First of all: its threads start and hash while the rest goes on.
  const passwordHasher = createHashPool({
    workers: config.password.workers,
    queue: config.password.queue,
    deadline: hashDeadline,
    scheme: config.password.scheme,
    onHashed: metrics?.passwordHashed,
    randomBytes,
    estimate,
  });
  onStop(passwordHasher.stop);
  const { algorithm, secret, ...accessToken } = config.accessToken;
  const { encryptionSecrets, rotationInterval } = config.keys;
  const rotateKeys = createRotateKeys({
    transact,
    now,
    purposes: keyPurposes(algorithm),
    encryptionSecrets,
    interval: rotationInterval,
    longestToken: Math.max(accessTokenLifetime, longestOneTimeToken),
  });
  await rotateKeys.maintain();
  const keyRing = await openKeyRing({ signingKeys: stores.signingKeys, encryptionSecrets });
  timers.every(keyMaintenance, () => {
    rotateKeys
      .maintain()
      .then(keyRing.reload)
      .catch((err: unknown) => log.error({ err }, 'signing_keys.maintenance_failed'));
  });
  const credentialThrottle = createCredentialThrottle(limiters);
  return {
    keyRing,
    accessTokens: createAccessTokens({
      ...accessToken,
      ...createAccessTokenKeys(keyRing, secret),
      mustHaveSecondFactor: createMustHaveSecondFactor(config.secondFactor),
      now,
      newId,
    }),
    refreshTokens: createRefreshTokens(config.refreshToken.secrets),
    oneTimeTokens: createOneTimeTokens({
      now,
      issuer: accessToken.issuer,
      signingKey: () => keyRing.signingKey('one-time'),
      verificationKey: (kid) => keyRing.verificationKey('one-time', kid),
    }),
    deviceTokens: createDeviceTokens(config.refreshToken.secrets, randomBytes),
    registrantTokens: createRegistrantTokens(config.refreshToken.secrets),
    signInCodes: createSignInCodes(config.refreshToken.secrets),
    passwordHasher,
    passwordPolicy: createPasswordPolicy({
      minLength: config.password.minLength,
      productName: config.mail.productName,
    }),
    credentialThrottle,
    confirmPassword: createConfirmPassword({
      now,
      passwordHasher,
      throttle: credentialThrottle,
      findHolder: stores.accounts.findCredentialsById,
      audit: stores.audit,
      hasSecondFactor: async (userId) => hasSecondFactor(await stores.factors.read(userId)),
    }),
  };
}
