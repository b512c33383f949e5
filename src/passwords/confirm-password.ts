import type { AuditEvent } from '../audit/audit-log.ts';
import { isFresh, reaches, type ShownAssurance } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { CredentialThrottle } from '../throttling/credential-throttle.ts';
import { type KnownDevice, knownDeviceId } from '../tokens/device-token.ts';
import { StepUpRequired } from '../tokens/errors.ts';
import { WrongPassword } from './errors.ts';
import type { PasswordHasher, PasswordHashing } from './password-hasher.ts';
import { passwordLengthProblem } from './password-text.ts';

/** Somebody who is signed in, and says the password once more. */
export interface Confirmation {
  readonly userId: string;
  readonly sessionId: string;
  /** Undefined where something that was shown just now is to do. */
  readonly currentPassword: string | undefined;
  /** As the access token says it. */
  readonly shown: ShownAssurance;
  readonly client: Client;
  readonly device: KnownDevice | undefined;
}

interface WithPassword {
  readonly passwordHash: string | null;
}

/**
 * Asks somebody who is signed in for the password once more, and then does the work.
 *
 * Attack: a stolen session, or an open laptop, that is used to guess the password. An attempt here
 * counts with the log-ins of the account, before it is hashed.
 *
 * Without a password it takes a proof of the last five minutes in its place.
 *
 * @returns what the work returns
 * @throws WrongPassword, StepUpRequired, RateLimited, BadUserInput, ServiceUnavailable, and what the work throws
 */
export type ConfirmPassword<Holder extends WithPassword> = <Result>(
  confirmation: Confirmation,
  work: (holder: Holder, hashing: PasswordHashing) => Promise<Result>,
) => Promise<Result>;

/** Seconds. */
const longestConfirmation = 5 * 60;

export interface ConfirmPasswordOptions<Holder extends WithPassword> {
  readonly now: Clock;
  readonly passwordHasher: PasswordHasher;
  readonly throttle: CredentialThrottle;
  readonly findHolder: (id: string) => Promise<Holder | undefined>;
  readonly audit: { readonly record: (event: AuditEvent) => Promise<void> };
  readonly hasSecondFactor: (userId: string) => Promise<boolean>;
}

export function createConfirmPassword<Holder extends WithPassword>(
  options: ConfirmPasswordOptions<Holder>,
): ConfirmPassword<Holder> {
  const { now, passwordHasher, throttle, findHolder, audit } = options;

  return (confirmation, work) =>
    passwordHasher.admit(confirmation.client.ip, async (hashing) => {
      const holder = await findHolder(confirmation.userId);
      if (!holder) throw new WrongPassword();
      const { currentPassword } = confirmation;
      await assertShown(confirmation);
      if (currentPassword !== undefined) {
        await check(hashing, { ...confirmation, currentPassword }, holder);
      }
      return work(holder, hashing);
    });

  /**
   * What was shown in the last minutes does as well as a password, and of an account with a second factor
   * that has to be among it.
   *
   * Attack: a session that was stolen before there was a second factor, and a password that is known.
   */
  async function assertShown({ userId, shown, currentPassword }: Confirmation): Promise<void> {
    const acr = (await options.hasSecondFactor(userId)) ? 'aal2' : 'aal1';
    const isEnough = currentPassword !== undefined || isFresh(shown, longestConfirmation, now());
    if (reaches(shown.acr, acr) && isEnough) return;
    throw new StepUpRequired({ acr, maxAge: longestConfirmation });
  }

  async function check(
    hashing: PasswordHashing,
    {
      userId,
      sessionId,
      currentPassword,
      client,
      device,
    }: Confirmation & { readonly currentPassword: string },
    { passwordHash }: WithPassword,
  ): Promise<void> {
    const problem = passwordLengthProblem(currentPassword, 'currentPassword');
    if (problem) throw new BadUserInput([problem]);
    const reservation = await throttle.reserve({
      account: userId,
      device: knownDeviceId(device, { id: userId, passwordHash }),
      ip: client.ip,
    });
    const isRight = await hashing
      .verify(currentPassword, passwordHash)
      .catch(async (error: unknown) => {
        await reservation.giveBack();
        throw error;
      });
    if (!isRight) {
      const type = 'password.check_failed';
      await audit.record({ type, at: now(), userId, sessionId, ...client });
      throw new WrongPassword();
    }
    await reservation.succeed();
  }
}

/**
 * Attack: a change of the password that was first. What was confirmed opens nothing any more, so it is
 * compared once more with the account as it is under the lock.
 *
 * @throws WrongPassword
 */
export function assertConfirmed<Holder extends WithPassword>(
  current: Holder | undefined,
  confirmed: WithPassword,
): Holder {
  if (current?.passwordHash !== confirmed.passwordHash) throw new WrongPassword();
  return current;
}
