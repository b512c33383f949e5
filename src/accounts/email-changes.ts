import type { EmailAddress } from './email-address.ts';

/** A change that can be undone: the account left this address, which it had proved. */
export interface EmailChange {
  readonly id: string;
  readonly left: EmailAddress;
  readonly at: Date;
}

/**
 * The changes of addresses that can be undone, each for as long as its link works.
 *
 * Attack: a thief changes the address, then takes the old one with an account of their own, so that
 * the owner's undo meets a taken address. Until then it belongs to nobody else: whoever writes an
 * account with it gets EmailTaken.
 */
export interface EmailChanges {
  /** Notes that a locked account leaves an address. */
  put(userId: string, left: EmailAddress, at: Date): Promise<EmailChange>;
  /** The changes of a locked account, the oldest first. */
  list(userId: string): Promise<readonly EmailChange[]>;
  /** Forgets a change of an account and all that came after it. */
  forgetFrom(userId: string, id: string): Promise<void>;
  /** Forgets every change that is too old to be undone, whosever it is. */
  forgetOutdated(at: Date): Promise<void>;
  /** The account to which a canonical address may still come back. */
  claimantOf(canonical: string, at: Date): Promise<string | undefined>;
}
