import type { Grants } from '../access/grants.ts';
import type { Account } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { DeletedAccounts } from '../accounts/deleted-accounts.ts';
import { parseEmailAddress } from '../accounts/email-address.ts';
import type { Proof } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { SignedIn } from '../sessions/signed-in.ts';
import type { Guest } from './guest.ts';
import type { GuestStore } from './guest-store.ts';
import type { UpgradeGuest, UpgradeGuestStores } from './upgrade-guest.ts';

export interface ClaimRegistrationStores extends UpgradeGuestStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
  readonly guests: UpgradeGuestStores['guests'] & Pick<GuestStore, 'hasAskedFor' | 'inherit'>;
  readonly identities: { readonly move: (fromId: string, toId: string) => Promise<void> };
  readonly deletedAccounts: Pick<DeletedAccounts, 'remove'>;
}

export interface ClaimRegistrationOptions {
  readonly now: Clock;
  readonly upgradeGuest: UpgradeGuest;
}

/**
 * Milliseconds for which an account waits for the guest who has asked for it. A session that is over is kept
 * as long: whether there was one is known.
 */
const longestWait = 7 * 86_400_000;

/**
 * Makes a guest the account that they have asked for, where its address had to be proved first, and they are the
 * first to sign in to it. Everything of the account moves into the guest's row, for subgraphs know the guest.
 *
 * Attack: asking, as a guest, for an account with somebody else's address. The guest becomes it by nothing but
 * a sign-in to the account with the guest's own token: not by a proof of the address, which is its owner's,
 * and whose account stays apart from what a stranger has left as a guest.
 *
 * The account is locked already, and then the guest: nobody locks an account after a guest.
 *
 * @returns undefined where the guest has not asked for it, or somebody was signed in to it before
 */
export type ClaimRegistration = (
  stores: ClaimRegistrationStores,
  guest: Guest,
  who: {
    readonly account: Account;
    readonly grants: Grants;
    readonly passwordHash: string | null;
  },
  how: { readonly proof: Proof; readonly authenticatedAt?: Date; readonly client: Client },
) => Promise<SignedIn | undefined>;

export function createClaimRegistration({
  now,
  upgradeGuest,
}: ClaimRegistrationOptions): ClaimRegistration {
  return async (stores, guest, { account, passwordHash }, { proof, authenticatedAt, client }) => {
    const at = now();
    const since = new Date(at.getTime() - longestWait);
    if (!(await stores.guests.hasAskedFor(guest.userId, account.id, since))) return undefined;
    const found = await stores.accounts.lock(guest.userId);
    if (!found?.account.isGuest || found.account.disabledAt) return undefined;

    const { emailVerifiedAt, firstName, lastName } = account;
    const email = parseEmailAddress(account.email ?? '');
    await stores.identities.move(account.id, guest.userId);
    await stores.guests.inherit(guest.userId, account.id);
    await stores.deletedAccounts.remove(account.id, at);
    await stores.audit.record({
      type: 'account.deleted',
      at,
      userId: account.id,
      sessionId: null,
      ...client,
      detail: { reason: 'guest_upgraded', guest: guest.userId },
    });
    const password = passwordHash === null ? {} : { passwordHash };
    const names = { firstName, lastName };
    return upgradeGuest(stores, guest, {
      changes: { ...(email ? { email } : {}), emailVerifiedAt, ...names, ...password },
      by: 'registration',
      insteadOf: account.id,
      proof,
      ...(authenticatedAt ? { authenticatedAt } : {}),
      client,
    });
  };
}
