import { emailSignInState } from '../accounts/one-time-states.ts';
import type { Clock } from '../core/clock.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { OneTimeTokens } from '../tokens/one-time-token.ts';
import { isBoundTo } from './binding.ts';
import type { CheckCode } from './check-code.ts';
import type { EmailSignIns } from './email-sign-ins.ts';
import { CodeExpired, SignInStartedElsewhere } from './errors.ts';
import type { EmailSignInOutcome, OpenByEmail, SignInByEmailCommand } from './open-by-email.ts';
import { settleCode } from './settle-code.ts';

export interface SignInWithEmailLinkCommand extends SignInByEmailCommand {
  /** Out of the link. */
  readonly token: string;
  /** Of the same mail, where another browser asked for it. */
  readonly code: string | undefined;
  readonly bindings: readonly string[];
}

export interface SignInWithEmailLinkOptions<Opened> {
  readonly now: Clock;
  readonly tokens: Pick<OneTimeTokens, 'read'>;
  readonly emailSignIns: Pick<EmailSignIns, 'find'>;
  readonly checkCode: CheckCode;
  readonly openByEmail: OpenByEmail<Opened>;
  readonly onSettled?: ((outcome: EmailSignInOutcome) => void) | undefined;
}

/**
 * Signs somebody in with the link of a mail: by itself in the browser that asked for the mail; anywhere
 * else with the code that stands beside it.
 *
 * Attacks: mail scanners, which open links and run what is there (they keep no binding and type no code,
 * so that they get nothing, and spend nothing); and a link to a sign-in of the sender's, put before
 * somebody who then works in the sender's account. There is nothing to guess at the link itself, so that it
 * waits for nobody: whoever fails on purpose does not hold the owner out.
 *
 * @throws OneTimeTokenRefused, SignInStartedElsewhere, CodeInvalid, SecondFactorRequired, SignUpClosed,
 * EmailTaken, RateLimited, ServiceUnavailable
 */
export type SignInWithEmailLink<Opened> = (command: SignInWithEmailLinkCommand) => Promise<Opened>;

export function createSignInWithEmailLink<Opened>(
  options: SignInWithEmailLinkOptions<Opened>,
): SignInWithEmailLink<Opened> {
  const { now, tokens, emailSignIns, checkCode, openByEmail } = options;

  return async (command) => {
    const { code, bindings } = command;
    const token = tokens.read('email-sign-in', command.token);
    const signIn = await emailSignIns.find(token.accountId, now());
    if (!signIn) {
      options.onSettled?.('expired');
      throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED');
    }
    const open = () =>
      openByEmail(signIn, command, (holder) =>
        token.isBoundTo(emailSignInState(signIn.email, holder)),
      ).catch((error: unknown) => {
        throw error instanceof CodeExpired ? new OneTimeTokenRefused('ONE_TIME_TOKEN_USED') : error;
      });
    if (isBoundTo(signIn, bindings)) return open();
    if (code === undefined) {
      options.onSettled?.('started_elsewhere');
      throw new SignInStartedElsewhere();
    }
    return settleCode(await checkCode(signIn, code, command), open);
  };
}
