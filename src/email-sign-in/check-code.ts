import type { AccountCredentials, AccountStore } from '../accounts/account-store.ts';
import { emailSignInState } from '../accounts/one-time-states.ts';
import type { AuditEvent, AuditLog } from '../audit/audit-log.ts';
import type { RefusalLog } from '../audit/refusal-log.ts';
import type { Clock } from '../core/clock.ts';
import { CodeInvalid } from '../factors/errors.ts';
import type { CredentialThrottle, Reservation } from '../throttling/credential-throttle.ts';
import type { EmailSignInThrottle } from '../throttling/email-sign-in-throttle.ts';
import { RateLimited } from '../throttling/errors.ts';
import { knownDeviceId } from '../tokens/device-token.ts';
import type { SignInCodes } from '../tokens/sign-in-code.ts';
import type { EmailSignIn, EmailSignIns } from './email-sign-ins.ts';
import { CodeExpired } from './errors.ts';
import type { EmailSignInOutcome, SignInByEmailCommand } from './open-by-email.ts';

export interface CheckCodeOptions {
  readonly now: Clock;
  readonly codes: Pick<SignInCodes, 'isOf'>;
  readonly accounts: Pick<AccountStore, 'findCredentials'>;
  readonly emailSignIns: Pick<EmailSignIns, 'countAttempt'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly refusals: Pick<RefusalLog, 'note'>;
  readonly credentialThrottle: CredentialThrottle;
  readonly throttle: Pick<EmailSignInThrottle, 'tryCode'>;
  readonly onSettled?: ((outcome: EmailSignInOutcome) => void) | undefined;
}

export interface CheckedCode {
  /** Whether it is good for an account as it is now. */
  readonly isStill: (holder: AccountCredentials | undefined) => boolean;
  readonly reservation: Reservation;
}

/**
 * Compares a code with the one of a mail.
 *
 * Attacks: guessing. A request takes five codes; with a new request the wait goes on where it was, for
 * it is the account's and counts with passwords and second factors; and an address takes so many wrong
 * codes a day whatever comes between them, for its owner's own sign-ins end the wait. And finding out
 * who has an account: an address without one is counted, compared and written down as others are.
 *
 * @throws CodeInvalid, CodeExpired, RateLimited, ServiceUnavailable
 */
export type CheckCode = (
  signIn: EmailSignIn,
  code: string,
  command: SignInByEmailCommand,
) => Promise<CheckedCode>;

export function createCheckCode(options: CheckCodeOptions): CheckCode {
  const { now, codes, accounts, emailSignIns } = options;

  return async (signIn, code, command) => {
    const { canonical } = signIn.email;
    const found = await accounts.findCredentials({ kind: 'email', canonical });
    const isStill: CheckedCode['isStill'] = (holder) =>
      codes.isOf(code, signIn.id, emailSignInState(signIn.email, holder));
    const reservation = await reserve(found, canonical, command);
    const isCounted = await emailSignIns
      .countAttempt(signIn.id, now())
      .catch(async (error: unknown) => {
        await reservation.giveBack();
        throw error;
      });
    if (!isCounted) {
      await reservation.giveBack();
      options.onSettled?.('expired');
      throw new CodeExpired();
    }
    if (!isStill(found)) {
      await options.audit.record(eventOf('login.failed', found?.account.id, command));
      options.onSettled?.('code_wrong');
      throw new CodeInvalid();
    }
    return { isStill, reservation };
  };

  async function reserve(
    found: AccountCredentials | undefined,
    canonical: string,
    command: SignInByEmailCommand,
  ): Promise<Reservation> {
    const { client } = command;
    const holder = found && { id: found.account.id, passwordHash: found.passwordHash };
    const account = holder?.id ?? canonical;
    const device = knownDeviceId(command.device, holder);
    try {
      const forgive = await options.throttle.tryCode({
        recipient: canonical,
        ip: client.ip,
        device,
      });
      const reservation = await options.credentialThrottle
        .reserve({ account, device, ip: client.ip })
        .catch(async (error: unknown) => {
          await forgive();
          throw error;
        });
      return {
        async succeed() {
          await Promise.all([reservation.succeed(), forgive()]);
        },
        async giveBack() {
          await Promise.all([reservation.giveBack(), forgive()]);
        },
      };
    } catch (error) {
      if (error instanceof RateLimited) {
        options.refusals.note(eventOf('login.throttled', holder?.id, command));
      }
      throw error;
    }
  }

  function eventOf(
    type: AuditEvent['type'],
    userId: string | undefined,
    { client }: SignInByEmailCommand,
  ): AuditEvent {
    const detail = { method: 'EMAIL_CODE' };
    return { type, at: now(), userId: userId ?? null, sessionId: null, ...client, detail };
  }
}
