import type { EmailAddress } from '../accounts/email-address.ts';

/** A sign-in that waits for what a mail says. It knows an address, and no account. */
export interface EmailSignIn {
  readonly id: string;
  readonly email: EmailAddress;
  /** Of what the browser keeps that asked for it. */
  readonly bindingHash: Buffer;
  readonly expiresAt: Date;
}

/** Codes that may be tried at one request; after so many wrong ones it is dead. */
export const mostAttempts = 5;

/**
 * The sign-ins that wait. A row is written whether the address has an account or not, and looks the
 * same: nothing of an account stands in it, nor the code, nor the link.
 */
export interface EmailSignIns {
  put(signIn: EmailSignIn, at: Date): Promise<void>;
  /** One that is neither too old, nor used, nor dead of wrong codes. */
  find(id: string, at: Date): Promise<EmailSignIn | undefined>;
  /** Counts a code before it is looked at. @returns false where none may be tried any more */
  countAttempt(id: string, at: Date): Promise<boolean>;
  /** Takes one away, for it is used. @returns whether it was there */
  spend(id: string, at: Date): Promise<boolean>;
  /** Forgets those that are too old. */
  forgetOutdated(at: Date): Promise<void>;
}
