import type { Grants } from '../access/grants.ts';
import type { Proof } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Locale } from '../mail/locale.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import type { Account } from './account.ts';
import type { AccountChanges } from './account-store.ts';
import type { GuestSession } from './guest-session.ts';

/** Who signs in, as far as it is known. */
export interface OpeningFrom {
  readonly client: Client;
  readonly device: KnownDevice | undefined;
  readonly locale: Locale;
  /** Who asks as a guest. */
  readonly guest?: GuestSession | undefined;
}

/** Opens a session for an account, in the transaction that has found or made it. */
export type OpenSession<Stores, Opened> = (
  stores: Stores,
  who: {
    readonly account: Account;
    readonly grants: Grants;
    readonly passwordHash: string | null;
  },
  from: OpeningFrom & {
    readonly proof: Proof;
    /** When that was shown, where it was not now. */
    readonly authenticatedAt?: Date;
  },
) => Promise<Opened>;

/** Makes the guest who asks the account, and goes on with their session, in the same transaction. */
export type UpgradeGuest<Stores, By extends string, Opened> = (
  stores: Stores,
  guest: GuestSession,
  how: {
    readonly changes: AccountChanges;
    readonly by: By;
    /** The account that they had asked for, which they take the place of. */
    readonly insteadOf?: string;
    readonly proof: Proof;
    /** When that was shown, where it was not now. */
    readonly authenticatedAt?: Date;
    readonly client: Client;
  },
) => Promise<Opened>;
