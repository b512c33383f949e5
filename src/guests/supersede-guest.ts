import type { AccountStore } from '../accounts/account-store.ts';
import { type EndSessionsStores, endSessions } from '../accounts/end-sessions.ts';
import type { Client } from '../core/client.ts';
import type { Guest } from './guest.ts';

export interface SupersedeGuestStores extends EndSessionsStores {
  readonly accounts: Pick<AccountStore, 'lock'>;
}

/**
 * Ends a guest's session: they have signed in to an account that they had. What they left as a guest is
 * somebody else's to bring over, and so who it was is told in the answer, and in the trail.
 *
 * The account is locked already, and then the guest: nobody locks an account after a guest.
 *
 * @returns the guest's id; null where there is no such guest any more
 */
export type SupersedeGuest = (
  stores: SupersedeGuestStores,
  guest: Guest,
  by: {
    readonly userId: string;
    readonly sessionId: string;
    readonly client: Client;
    readonly at: Date;
  },
) => Promise<string | null>;

/** @param onSuperseded told of each */
export function createSupersedeGuest(onSuperseded: (() => void) | undefined): SupersedeGuest {
  return async (stores, { userId: guestId }, { userId, sessionId, client, at }) => {
    const found = await stores.accounts.lock(guestId);
    if (!found?.account.isGuest) return null;
    await endSessions(stores, guestId, { except: null, reason: 'guest_superseded', at, client });
    const detail = { guest: guestId };
    const event = { type: 'guest.superseded', at, userId, sessionId, ...client, detail } as const;
    await stores.audit.record(event);
    onSuperseded?.();
    return guestId;
  };
}
