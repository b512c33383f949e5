import type { Factors, Passkey } from './factors.ts';

/** A secret that waits for the first code made with it. */
export interface TotpSetup {
  readonly sealedSecret: string;
  readonly expiresAt: Date;
}

/** The factors of accounts. What writes holds the account's lock. */
export interface FactorStore {
  read(userId: string): Promise<Factors>;
  /** Keeps a set-up, in place of one that was begun before. */
  putTotpSetup(userId: string, setup: TotpSetup): Promise<void>;
  findTotpSetup(userId: string): Promise<TotpSetup | undefined>;
  /** Makes the secret of a set-up the account's own, in place of another. The set-up is gone with it. */
  putTotp(
    userId: string,
    totp: {
      readonly id: string;
      readonly sealedSecret: string;
      readonly lastStep: number;
      readonly at: Date;
    },
  ): Promise<void>;
  /** Notes the step of a code that was taken, and the secret sealed anew where that is given. */
  spendTotpStep(userId: string, step: number, sealedSecret?: string): Promise<void>;
  /** Every secret of codes, whosever it is. */
  listTotpSecrets(): Promise<readonly { readonly userId: string; readonly sealedSecret: string }[]>;
  /** Puts a secret that was sealed anew in the place of the same one, unless it is another by now. */
  resealTotp(userId: string, sealed: string, anew: string): Promise<void>;
  /** Puts these hashes in the place of all recovery codes. */
  replaceRecoveryCodes(userId: string, hashes: readonly Buffer[], at: Date): Promise<void>;
  /** Takes a recovery code away. @returns whether it was there */
  spendRecoveryCode(userId: string, hash: Buffer): Promise<boolean>;
  /** What devices know the account by: what it has, or else this fresh one. */
  handleOf(userId: string, fresh: string, at: Date): Promise<string>;
  /** The account that a device means. */
  ownerOfHandle(handle: string): Promise<string | undefined>;
  /** Adds a passkey. @returns false where its credential id belongs to any account already */
  putPasskey(userId: string, passkey: Passkey): Promise<boolean>;
  /** Notes that a passkey was shown. */
  usePasskey(
    userId: string,
    id: string,
    shown: { readonly counter: number; readonly isBackedUp: boolean; readonly at: Date },
  ): Promise<void>;
  suspendPasskey(userId: string, id: string, at: Date): Promise<void>;
  renamePasskey(userId: string, id: string, name: string): Promise<void>;
  /** Removes one factor, and with the last one the recovery codes. @returns whether it was there */
  remove(userId: string, id: string): Promise<boolean>;
  /** Removes everything that was added since then; with null, everything. @returns how many factors */
  removeSince(userId: string, since: Date | null): Promise<number>;
  /** Notes that something was used which works once, until it ends. @returns whether this was the first time */
  spend(userId: string, id: string, expiresAt: Date, at: Date): Promise<boolean>;
}
