import type { Grants } from '../access/grants.ts';
import type { Account } from '../accounts/account.ts';
import type { Assurance } from '../core/assurance.ts';
import type { SessionKey } from '../sessions/session.ts';

/** The rows of people who have no account yet. */
export interface GuestStore {
  /** Writes a new guest. */
  insert(id: string, at: Date): Promise<{ readonly account: Account; readonly grants: Grants }>;
  /**
   * Makes a locked guest an account, with the default roles; what its live sessions have shown is this
   * from now on. @returns false where it was none any more, and nothing was done
   */
  makeAccount(id: string, shown: Assurance, at: Date): Promise<boolean>;
  /** Notes that a guest asks for an account that others have asked for; nothing where its address is proved. */
  askFor(id: string, accountId: string): Promise<void>;
  /**
   * Whether a guest has asked for a locked account not long ago, and nobody has been signed in to it yet, nor
   * has an administrator changed its roles.
   */
  hasAskedFor(id: string, accountId: string, since: Date): Promise<boolean>;
  /** Takes over what goes on of an account that is about to go: mails on their way, and what works once. */
  inherit(id: string, accountId: string): Promise<void>;
  /**
   * Gives a locked session another refresh token in place of its current one, which was not presented:
   * its successor can't be derived from it. Whoever refreshes at that moment is told that a newer one
   * was issued.
   *
   * @returns the end of the new one
   */
  turn(
    key: SessionKey,
    next: {
      /** Of the current one. */
      readonly generation: number;
      readonly hash: Buffer;
      readonly expiresAt: Date;
      readonly at: Date;
    },
  ): Promise<Date>;
  /** At most `limit` guests who were last seen before then. */
  listIdle(before: Date, limit: number): Promise<readonly string[]>;
  /** Locks a guest, unless somebody else holds it. @returns undefined where it is not idle any more */
  lockIdle(id: string, before: Date): Promise<Account | undefined>;
}
