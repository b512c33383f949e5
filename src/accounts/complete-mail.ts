import type { Clock } from '../core/clock.ts';
import { unreachable } from '../core/unreachable.ts';
import type { CompletedMail } from '../mail/deliver-mails.ts';
import type { LinkTo, MailPage } from '../mail/mail-links.ts';
import type { MailDevice, MailFacts } from '../mail/mail-template.ts';
import type { ClaimedMail } from '../mail/outbox.ts';
import { isNoPassword } from '../passwords/no-password.ts';
import {
  type OneTimeTokens,
  oneTimeLifetimes,
  type PreparedOneTimeToken,
} from '../tokens/one-time-token.ts';
import type { SignInCodes } from '../tokens/sign-in-code.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import { parseEmailAddress } from './email-address.ts';
import { emailSignInState, passwordResetState, verificationState } from './one-time-states.ts';

export interface CompleteMailOptions {
  readonly accounts: Pick<AccountStore, 'findCredentials'>;
  readonly tokens: Pick<OneTimeTokens, 'prepare' | 'write'>;
  readonly codes: Pick<SignInCodes, 'write'>;
  readonly isSignUpOpen: boolean;
  readonly now: Clock;
  readonly linkTo: LinkTo;
  readonly product: string;
  /** The address of a picture; empty where there is none. */
  readonly logo: string;
  /** What a user agent tells of a device, in names of ours alone. */
  readonly deviceOf: (userAgent: string) => MailDevice;
}

/**
 * Finds out whom a mail is for and what its link carries, when it is about to be sent.
 *
 * Attack: asking for a mail to learn whether an account exists. The request does the same for every
 * address, which is to queue a mail; only here, where nobody is waiting for an answer, is it looked
 * up. A mail goes to the address as the account has it, never as a stranger has typed it.
 */
export type CompleteMail = (mail: ClaimedMail) => Promise<CompletedMail | undefined>;

export function createCompleteMail(options: CompleteMailOptions): CompleteMail {
  const { tokens, linkTo } = options;

  return async (mail) => {
    switch (mail.template) {
      case 'verify-email': {
        const holder = await holderOf(mail.recipient);
        if (!holder || holder.account.emailVerifiedAt || holder.account.disabledAt)
          return undefined;
        const boundTo = verificationState(holder);
        const accountId = holder.account.id;
        return withLink(
          holder.recipient,
          mail,
          tokens.prepare('verify-email', { accountId, boundTo }),
        );
      }
      case 'invitation':
      case 'password-removed':
      case 'reset-password': {
        const holder = await holderOf(mail.recipient);
        if (!holder || holder.account.disabledAt) return undefined;
        // It comes late: its owner has chosen a password already.
        const isFirst = mail.template !== 'reset-password';
        if (isFirst && !isNoPassword(holder.passwordHash)) return undefined;
        const boundTo = passwordResetState(holder);
        const accountId = holder.account.id;
        return withLink(
          holder.recipient,
          mail,
          tokens.prepare(mail.template, { accountId, boundTo }),
        );
      }
      case 'account-exists': {
        const holder = await holderOf(mail.recipient);
        return holder && hint(holder.recipient, mail);
      }
      case 'change-email': {
        // Whose address it is already, is told so; who asked for it learns nothing.
        const holder = await holderOf(mail.recipient);
        if (holder) return hint(holder.recipient, { ...mail, template: 'account-exists' });
        return withLink(mail.recipient, mail, preparedTokenOf(mail));
      }
      case 'sign-in-code':
      case 'sign-in-link':
        return signInMail(mail);
      case 'email-changed':
        return withLink(mail.recipient, mail, preparedTokenOf(mail));
      case 'password-set':
      case 'password-changed':
      case 'new-device':
      case 'authenticator-added':
      case 'authenticator-removed':
      case 'recovery-codes-replaced':
      case 'recovery-code-used':
      case 'second-factor-reset':
      case 'identity-linked':
      case 'identity-unlinked':
        return hint(mail.recipient, mail);
      case 'email-left':
      case 'account-deleted':
        return completed(mail.recipient, mail, '', 0);
      default:
        return unreachable(mail.template);
    }
  };

  /** The account with this address, and the address as it is written there. */
  async function holderOf(
    email: string,
  ): Promise<(AccountCredentials & { readonly recipient: string }) | undefined> {
    const canonical = parseEmailAddress(email)?.canonical;
    if (canonical === undefined) return undefined;
    const found = await options.accounts.findCredentials({ kind: 'email', canonical });
    const recipient = found?.account.email ?? undefined;
    return found && recipient !== undefined ? { ...found, recipient } : undefined;
  }

  /**
   * A mail to whoever reads it, account or not. Nobody is told that an account is disabled, or that none
   * may be made: who reads the mailbox gets no mail.
   */
  async function signInMail(mail: ClaimedMail): Promise<CompletedMail | undefined> {
    const email = parseEmailAddress(mail.recipient);
    const lifetime = oneTimeLifetimes['email-sign-in'];
    const age = options.now().getTime() - mail.queuedAt.getTime();
    if (!email || age >= lifetime * 1_000) return undefined;
    const holder = await holderOf(mail.recipient);
    if (holder ? holder.account.disabledAt : !options.isSignUpOpen) return undefined;
    const { accountId: requestId } = preparedTokenOf(mail);
    const state = emailSignInState(email, holder);
    const code = options.codes.write(requestId, state);
    const token = tokens.prepare('email-sign-in', { accountId: requestId, boundTo: state });
    const link =
      mail.template === 'sign-in-link' ? linkTo(pages[token.purpose], tokens.write(token)) : '';
    const recipient = holder?.recipient ?? email.address;
    return completed(recipient, mail, link, lifetime, code);
  }

  function withLink(recipient: string, mail: ClaimedMail, prepared: MailedToken): CompletedMail {
    const link = linkTo(pages[prepared.purpose], tokens.write(prepared));
    return completed(recipient, mail, link, oneTimeLifetimes[prepared.purpose]);
  }

  function hint(recipient: string, mail: ClaimedMail): CompletedMail {
    return completed(recipient, mail, linkTo('forgot-password'), 0);
  }

  function completed(
    recipient: string,
    { template, queuedAt, userAgent }: ClaimedMail,
    link: string,
    lifetime: number,
    code = '',
  ): CompletedMail {
    const { product, logo, deviceOf } = options;
    const device = userAgent === null ? undefined : deviceOf(userAgent);
    const shown = { product, logo, link, code, lifetime };
    const facts: MailFacts = { ...shown, recipient, at: queuedAt, device };
    return { template, recipient, facts };
  }
}

/** One that goes out by mail. */
type MailedToken = PreparedOneTimeToken & {
  readonly purpose: Exclude<PreparedOneTimeToken['purpose'], 'second-factor' | `passkey-${string}`>;
};

const pages: Readonly<Record<MailedToken['purpose'], MailPage>> = {
  'verify-email': 'verify-email',
  'email-sign-in': 'email-sign-in',
  'reset-password': 'reset-password',
  'password-removed': 'reset-password',
  invitation: 'reset-password',
  'change-email': 'confirm-email-change',
  'undo-email-change': 'undo-email-change',
};

function preparedTokenOf({ template, preparedToken }: ClaimedMail): MailedToken {
  if (!preparedToken) throw new Error(`a mail ${template} without its token`);
  return preparedToken as MailedToken;
}
