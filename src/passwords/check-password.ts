import type { AuditEvent } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { CredentialThrottle } from '../throttling/credential-throttle.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import { WrongPassword } from './errors.ts';
import type { PasswordHashing } from './password-hasher.ts';
import { passwordLengthProblem } from './password-text.ts';

export interface PasswordCheck {
  readonly userId: string;
  readonly sessionId: string;
  readonly password: string;
  readonly passwordHash: string;
  /** Where the password stands in the input. */
  readonly path: string;
  readonly client: Client;
  readonly device: KnownDevice | undefined;
}

/**
 * Asks somebody who is signed in for the password once more.
 *
 * Attack: a stolen session, or an open laptop, that is used to guess the password. An attempt here
 * counts with the log-ins of the account, before it is hashed.
 *
 * @throws WrongPassword, RateLimited, BadUserInput, ServiceUnavailable
 */
export type CheckPassword = (hashing: PasswordHashing, check: PasswordCheck) => Promise<void>;

export interface CheckPasswordOptions {
  readonly now: Clock;
  readonly throttle: CredentialThrottle;
  readonly audit: { readonly record: (event: AuditEvent) => Promise<void> };
}

export function createCheckPassword({ now, throttle, audit }: CheckPasswordOptions): CheckPassword {
  return async (hashing, { userId, sessionId, password, passwordHash, path, client, device }) => {
    const problem = passwordLengthProblem(password, path);
    if (problem) throw new BadUserInput([problem]);
    const isKnown = device?.accounts.includes(userId);
    const reservation = await throttle.reserve({
      account: userId,
      device: isKnown && device ? device.id : null,
      ip: client.ip,
    });
    const isRight = await hashing.verify(password, passwordHash).catch(async (error: unknown) => {
      await reservation.giveBack();
      throw error;
    });
    if (!isRight) {
      await audit.record({
        type: 'password.check_failed',
        at: now(),
        userId,
        sessionId,
        ...client,
      });
      throw new WrongPassword();
    }
    await reservation.succeed();
  };
}
