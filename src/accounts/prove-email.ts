import type { Client } from '../core/client.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Locale } from '../mail/locale.ts';
import { OneTimeTokenRefused } from '../tokens/errors.ts';
import type { Prover } from '../tokens/registrant-token.ts';
import type { AccountCredentials, AccountStore } from './account-store.ts';
import type { PendingRegistrations } from './pending-registrations.ts';
import {
  mayBeAnother,
  type TakePasswordAwayStores,
  takePasswordAway,
} from './take-password-away.ts';

export interface ProveEmailStores extends TakePasswordAwayStores {
  readonly accounts: Pick<AccountStore, 'update'>;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
}

/**
 * Takes the address of a locked account as proved, for somebody has read a mail to it. Where that may be
 * somebody else than who made the account, what opened it before goes.
 *
 * @returns the account as it is then
 * @throws OneTimeTokenRefused where it has no address: what is proved is bound to it
 */
export async function proveEmail(
  stores: ProveEmailStores,
  found: AccountCredentials,
  how: Prover & {
    readonly client: Client;
    readonly locale: Locale;
    readonly randomBytes: RandomBytes;
    /** The token whose use is the proof, where it is to find later what it has done. */
    readonly takenBy?: string;
    readonly at: Date;
  },
): Promise<AccountCredentials> {
  const { client, at } = how;
  const { id: userId, email: recipient } = found.account;
  if (recipient === null) throw new OneTimeTokenRefused('ONE_TIME_TOKEN_USED', 'no address');
  await stores.audit.record({ type: 'email.verified', at, userId, sessionId: null, ...client });
  const taken = mayBeAnother(found, how)
    ? await takePasswordAway(stores, found, { ...how, recipient })
    : undefined;
  await stores.accounts.update(userId, { emailVerifiedAt: at, ...taken?.changes }, at);
  await stores.registrations.forget(recipient);
  return { ...found, ...taken?.changes, account: { ...found.account, emailVerifiedAt: at } };
}
