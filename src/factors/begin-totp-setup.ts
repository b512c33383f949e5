import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { assertConfirmed } from './confirmed.ts';
import type { FactorCommand, FactorStores } from './factor-change.ts';
import type { SealedSecrets } from './sealed-secrets.ts';
import { describeTotp, newTotpSecret } from './totp.ts';

/** Milliseconds in which the first code has to come. */
const setupTime = 10 * 60_000;

export interface BegunTotpSetup {
  /** In base 32, for whoever types it. */
  readonly secret: string;
  /** What a picture of it holds. */
  readonly otpauthUrl: string;
  readonly expiresAt: Date;
}

export interface BeginTotpSetupOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly sealedSecrets: SealedSecrets;
  /** What an app shows beside the account's name. */
  readonly issuer: string;
  readonly transact: Transact<Pick<FactorStores, 'accounts' | 'factors'>>;
}

/**
 * Makes a secret for an app that makes codes. It opens nothing before a code was made with it.
 *
 * @throws StepUpRequired, AccessRefused, ServiceUnavailable
 */
export type BeginTotpSetup = (command: FactorCommand) => Promise<BegunTotpSetup>;

export function createBeginTotpSetup(options: BeginTotpSetupOptions): BeginTotpSetup {
  const { now, sealedSecrets, issuer } = options;

  return (command) =>
    options.transact(async (stores) => {
      const { userId, shown } = command;
      const { account } = await lockCaller(stores.accounts, command);
      const at = now();
      assertConfirmed(shown, 'aal2', await stores.factors.read(userId), at);
      const secret = newTotpSecret(options.randomBytes);
      const expiresAt = new Date(at.getTime() + setupTime);
      const sealedSecret = sealedSecrets.seal(secret, userId);
      await stores.factors.putTotpSetup(userId, { sealedSecret, expiresAt });
      const label = account.email ?? account.username ?? userId;
      return { ...describeTotp(secret, { issuer, label }), expiresAt };
    });
}
