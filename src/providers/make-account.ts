import type { AccountCredentials, AccountStore } from '../accounts/account-store.ts';
import type { EmailAddress } from '../accounts/email-address.ts';
import type { GuestSession } from '../accounts/guest-session.ts';
import type { UpgradeGuest } from '../accounts/open-account.ts';
import type { PendingRegistrations } from '../accounts/pending-registrations.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId } from '../core/random.ts';
import type { FactorStore } from '../factors/factor-store.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { IdentityStore } from './identity-store.ts';
import { type Opening, proofOf, putIdentity, shownAt } from './opening.ts';

export interface MakeAccountStores {
  readonly accounts: Pick<AccountStore, 'insert'>;
  readonly identities: Pick<IdentityStore, 'put'>;
  readonly factors: Pick<FactorStore, 'spend'>;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface MakeAccountOptions<Stores extends MakeAccountStores, Opened> {
  readonly now: Clock;
  readonly newId: NewId;
  /** Makes the guest who asks the account, and goes on with their session, in the same transaction. */
  readonly upgradeGuest: UpgradeGuest<Stores, 'provider', Opened>;
}

/**
 * Makes the account of an identity that has none, with an address that nobody has. A mail is to prove the
 * address where the provider does not answer for it.
 *
 * @throws EmailTaken, Overtaken where somebody was faster
 */
export interface MakeAccount<Stores, Opened> {
  /** A new one, which nobody is signed in to yet. */
  readonly signUp: (
    stores: Stores,
    opening: Opening,
    email: EmailAddress,
  ) => Promise<AccountCredentials>;
  /** Out of the guest who asks, whose session goes on. */
  readonly upgrade: (
    stores: Stores,
    opening: Opening,
    email: EmailAddress,
    guest: GuestSession,
  ) => Promise<Opened>;
}

export function createMakeAccount<Stores extends MakeAccountStores, Opened>(
  options: MakeAccountOptions<Stores, Opened>,
): MakeAccount<Stores, Opened> {
  const { now, newId } = options;

  return {
    async signUp(stores, opening, email) {
      const at = now();
      const { identity, from, registration } = opening;
      const { guest, client } = from;
      const passwordHash = registration?.passwordHash ?? null;
      const { firstName, lastName } = identity;
      const names = { username: null, firstName, lastName };
      const proved = registration ? {} : { emailVerifiedAt: at };
      const asked = { askedBy: guest?.userId, createdAt: at };
      const made = { id: newId(), email, ...names, passwordHash, ...proved, ...asked };
      const registered = await stores.accounts.insert(made);
      await conclude(stores, opening, made.id, email, at);
      const about = { at, ...client };
      const detail = { provider: opening.provider.name };
      const who = { userId: made.id, sessionId: null };
      await stores.audit.record({ ...about, ...who, type: 'account.registered', detail });
      if (guest) {
        await stores.audit.record({ ...about, ...guest, type: 'guest.registration_begun' });
      }
      return { ...registered, passwordHash };
    },

    async upgrade(stores, opening, email, guest) {
      const at = now();
      const { identity, from, registration } = opening;
      const { firstName, lastName } = identity;
      const { client, once } = from;
      const password = registration
        ? { passwordHash: registration.passwordHash }
        : { emailVerifiedAt: at };
      const opened = await options.upgradeGuest(stores, guest, {
        changes: { email, firstName, lastName, ...password },
        by: 'provider',
        proof: proofOf(opening),
        authenticatedAt: shownAt(opening, at),
        client,
      });
      await conclude(stores, opening, guest.userId, email, at);
      if (once) await stores.factors.spend(guest.userId, once.id, once.expiresAt, at);
      return opened;
    },
  };

  /** For a proved address nothing waits any more; to any other goes a mail that proves it. */
  async function conclude(
    { identities, registrations, outbox }: Stores,
    opening: Opening,
    userId: string,
    { address: recipient }: EmailAddress,
    createdAt: Date,
  ): Promise<void> {
    await putIdentity(identities, opening, userId, { id: newId(), createdAt });
    const { registration, from } = opening;
    if (!registration) return registrations.forget(recipient);
    const { locale, client } = from;
    const { userAgent } = client;
    const mail = { template: 'verify-email', locale, recipient, userId, userAgent } as const;
    await outbox.put({ ...mail, preparedToken: null }, createdAt);
  }
}
