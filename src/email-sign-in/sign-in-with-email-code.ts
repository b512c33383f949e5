import type { Clock } from '../core/clock.ts';
import { isId } from '../core/random.ts';
import { isBoundTo } from './binding.ts';
import type { CheckCode } from './check-code.ts';
import type { EmailSignIns } from './email-sign-ins.ts';
import { CodeExpired, SignInStartedElsewhere } from './errors.ts';
import type { EmailSignInOutcome, OpenByEmail, SignInByEmailCommand } from './open-by-email.ts';
import { settleCode } from './settle-code.ts';

export interface SignInWithEmailCodeCommand extends SignInByEmailCommand {
  readonly requestId: string;
  readonly code: string;
  /** What the browser keeps, or the app. */
  readonly bindings: readonly string[];
}

export interface SignInWithEmailCodeOptions<Opened> {
  readonly now: Clock;
  readonly emailSignIns: Pick<EmailSignIns, 'find'>;
  readonly checkCode: CheckCode;
  readonly openByEmail: OpenByEmail<Opened>;
  readonly onSettled?: ((outcome: EmailSignInOutcome) => void) | undefined;
}

/**
 * Signs somebody in with the code of a mail, where they have asked for it.
 *
 * Attack: using up the five codes of somebody else's request, or trying them from everywhere. Nobody
 * comes as far as a code who is not the browser that asked.
 *
 * @throws CodeInvalid, CodeExpired, SignInStartedElsewhere, SecondFactorRequired, SignUpClosed,
 * EmailTaken, RateLimited, ServiceUnavailable
 */
export type SignInWithEmailCode<Opened> = (command: SignInWithEmailCodeCommand) => Promise<Opened>;

export function createSignInWithEmailCode<Opened>(
  options: SignInWithEmailCodeOptions<Opened>,
): SignInWithEmailCode<Opened> {
  const { now, emailSignIns, checkCode, openByEmail } = options;

  return async (command) => {
    const { requestId, code, bindings } = command;
    const signIn = isId(requestId) ? await emailSignIns.find(requestId, now()) : undefined;
    if (!signIn) {
      options.onSettled?.('expired');
      throw new CodeExpired();
    }
    if (!isBoundTo(signIn, bindings)) {
      options.onSettled?.('started_elsewhere');
      throw new SignInStartedElsewhere();
    }
    const checked = await checkCode(signIn, code, command);
    return settleCode(checked, () => openByEmail(signIn, command, checked.isStill));
  };
}
