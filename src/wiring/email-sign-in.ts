import { SignInNotOffered } from '../accounts/errors.ts';
import type { RefusalLog } from '../audit/refusal-log.ts';
import { createCheckCode } from '../email-sign-in/check-code.ts';
import { createOpenByEmail } from '../email-sign-in/open-by-email.ts';
import { createRequestEmailSignIn } from '../email-sign-in/request-email-sign-in.ts';
import { createSignInWithEmailCode } from '../email-sign-in/sign-in-with-email-code.ts';
import { createSignInWithEmailLink } from '../email-sign-in/sign-in-with-email-link.ts';
import { createAskSecondFactor } from '../factors/pending-sign-in.ts';
import type { EmailSignInUseCases } from '../graphql/email-sign-in/email-sign-in.resolver.ts';
import { createEmailSignInThrottle } from '../throttling/email-sign-in-throttle.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Upgrades } from './guests.ts';
import type { Opening } from './sessions.ts';
import type { Storage } from './storage.ts';

/** Signing in with what a mail says, where EMAIL_SIGN_IN offers it. */
export function wireEmailSignIn(
  { config, now, newId, randomBytes, metrics }: Base,
  { stores, transact, makeLimiter }: Storage,
  { oneTimeTokens: tokens, signInCodes: codes, credentialThrottle }: Credentials,
  refusals: RefusalLog,
  openSession: Opening['openSession'],
  { upgradeGuest }: Upgrades,
): EmailSignInUseCases {
  if (config.emailSignIn === 'off') {
    const refuse = async () => {
      throw new SignInNotOffered();
    };
    return { requestEmailSignIn: refuse, signInWithEmailCode: refuse, signInWithEmailLink: refuse };
  }
  const throttle = createEmailSignInThrottle(makeLimiter);
  const onSettled = metrics?.emailSignInSettled;
  const checkCode = createCheckCode({
    now,
    codes,
    accounts: stores.accounts,
    emailSignIns: stores.emailSignIns,
    audit: stores.audit,
    refusals,
    credentialThrottle,
    throttle,
    onSettled,
  });
  const openByEmail = createOpenByEmail({
    now,
    newId,
    randomBytes,
    isSignUpOpen: config.signUp === 'open',
    transact,
    askSecondFactor: createAskSecondFactor(tokens, 'email'),
    openSession,
    upgradeGuest,
    onSettled,
  });
  const shared = { now, tokens, emailSignIns: stores.emailSignIns, checkCode, openByEmail };
  return {
    requestEmailSignIn: createRequestEmailSignIn({
      now,
      newId,
      randomBytes,
      hasLink: config.emailSignIn === 'link',
      accounts: stores.accounts,
      throttle,
      tokens,
      transact,
      onRequested: () => metrics?.emailSignInSettled('requested'),
    }),
    signInWithEmailCode: createSignInWithEmailCode({ ...shared, onSettled }),
    signInWithEmailLink: createSignInWithEmailLink({ ...shared, onSettled }),
  };
}
