import type { AccountCredentials, AccountStore } from '../accounts/account-store.ts';
import { type EmailAddress, parseEmailAddress } from '../accounts/email-address.ts';
import { AccountDisabled, EmailNotVerified, EmailTaken, SignUpClosed } from '../accounts/errors.ts';
import type { GuestSession } from '../accounts/guest-session.ts';
import type { OpeningFrom, OpenSession, UpgradeGuest } from '../accounts/open-account.ts';
import type { PendingRegistrations } from '../accounts/pending-registrations.ts';
import { removeWhatOpens } from '../accounts/remove-what-opens.ts';
import { mayBeAnother } from '../accounts/take-password-away.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Proof } from '../core/assurance.ts';
import type { Clock } from '../core/clock.ts';
import type { DomainError } from '../core/domain-error.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { FactorStore } from '../factors/factor-store.ts';
import type { AskSecondFactor } from '../factors/pending-sign-in.ts';
import type { Outbox } from '../mail/outbox.ts';
import { noPassword } from '../passwords/no-password.ts';
import type { RegistrationThrottle } from '../throttling/registration-throttle.ts';
import { SecondFactorRequired } from '../tokens/errors.ts';
import type { Prover, Registration } from '../tokens/registrant-token.ts';
import { EmailUnprovedByProvider, LinkRequired, ProviderRefused } from './errors.ts';
import { isSame, toIdentity } from './identity.ts';
import type { IdentityStore } from './identity-store.ts';
import type { ProvedIdentity, Provider } from './provider.ts';
import { tellOfIdentity } from './tell-of-identity.ts';

export interface OpenIdentityStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'findCredentials' | 'insert' | 'update'>;
  readonly identities: IdentityStore;
  readonly factors: Pick<FactorStore, 'read' | 'spend' | 'removeSince'>;
  readonly registrations: Pick<PendingRegistrations, 'forget'>;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface OpenIdentityOptions<Stores extends OpenIdentityStores, Opened> {
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly transact: Transact<Stores>;
  readonly identities: Pick<IdentityStore, 'ownerOf'>;
  readonly throttle: RegistrationThrottle;
  readonly askSecondFactor: AskSecondFactor;
  readonly isSignUpOpen: boolean;
  /** Whether nobody signs in before the address is proved. */
  readonly isProofFirst: boolean;
  readonly openSession: OpenSession<Stores, Opened>;
  /** Makes the guest who asks the account, and goes on with their session, in the same transaction. */
  readonly upgradeGuest: UpgradeGuest<Stores, 'provider', Opened>;
  /** Locks the row of the guest who asks. @throws AccessRefused where it is no guest's any more */
  readonly lockGuest: (
    stores: Pick<OpenIdentityStores, 'accounts'>,
    userId: string,
  ) => Promise<AccountCredentials>;
}

/** Who signs in, in a browser that can be told later that an account was made in it. */
export interface OpeningByIdentity extends OpeningFrom, Pick<Prover, 'isRegistrant'> {
  readonly remember: (registration: Registration) => void;
}

/** What works once, and until when. */
interface Once {
  readonly id: string;
  readonly expiresAt: Date;
}

/** Nothing is thrown inside the transaction: what was noted must survive the refusal. */
type Outcome<Opened> = (
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'refused'; readonly error: DomainError }
) & {
  /** Present where the identity has got an account, or asked for one, whatever it opens by now. */
  readonly isMade?: true;
};

/** Somebody else was faster, and what was found does not hold any more. */
class Overtaken extends Error {}

/**
 * Opens a session for who has shown an identity, in the account that it belongs to; or else in a new one.
 *
 * Attacks, all of them ways into somebody's account by its address. An account is found by issuer and
 * subject, which the provider vouches for, and by nothing else. An address makes an account only where the
 * provider has proved it, and nobody has it here. It is proved here by that only where the provider answers
 * for it today; of any other the provider once saw a mail read, perhaps before the mailbox was somebody
 * else's. Then a mail proves it, as of who registers with a password, and its owner is rid of whoever made
 * the account. Where somebody has, it is theirs: the identity is linked
 * once they have signed in and ask for it, or, where the operator wants it so, by itself; and that never to
 * an account whose address was not proved here, for its password may be a stranger's who waits for the
 * owner of the address (account pre-hijacking).
 *
 * Attack: an open laptop, on which somebody who is signed in at a provider since the morning is signed in
 * here by a click, which would count as having shown just now who they are. It counts as old as what the
 * provider says of it, and as never shown where it says nothing; so it opens a session, and nothing that
 * asks for something fresh.
 *
 * @throws LinkRequired, EmailUnprovedByProvider, SignUpClosed, EmailTaken, AccountDisabled,
 * EmailNotVerified, SecondFactorRequired, ProviderRefused, RateLimited, ServiceUnavailable
 */
export type OpenIdentity<Opened> = (
  provider: Provider,
  identity: ProvedIdentity,
  from: OpeningByIdentity & { readonly once?: Once },
) => Promise<Opened>;

export function createOpenIdentity<Stores extends OpenIdentityStores, Opened>(
  options: OpenIdentityOptions<Stores, Opened>,
): OpenIdentity<Opened> {
  const { now, newId, transact } = options;

  return async (provider, identity, from) => {
    const isKnown = (await options.identities.ownerOf(identity)) !== undefined;
    if (!isKnown) await options.throttle(from.client.ip);
    const registration = registrationOf(identity);
    const opening: Opening = { provider, identity, from, registration };
    const outcome = await transact((stores) => settle(stores, opening)).catch((error: unknown) => {
      const isOvertaken = error instanceof Overtaken || error instanceof EmailTaken;
      if (!isOvertaken) throw error;
      return transact((stores) => settle(stores, opening));
    });
    if (outcome.isMade && registration) from.remember(registration);
    if (outcome.kind === 'refused') throw outcome.error;
    return outcome.opened;
  };

  /** What is made where a mail has to prove the address first; nobody has chosen a password. */
  function registrationOf({ email }: ProvedIdentity): Registration | undefined {
    if (!email?.isProved || email.isAuthoritative) return undefined;
    const canonical = parseEmailAddress(email.address)?.canonical ?? '';
    return { email: canonical, passwordHash: noPassword(options.randomBytes) };
  }

  async function settle(stores: Stores, opening: Opening): Promise<Outcome<Opened>> {
    const { identity, provider } = opening;
    const ownerId = await stores.identities.ownerOf(identity);
    if (ownerId !== undefined) return enterAsOwner(stores, opening, ownerId);
    const email = identity.email?.isProved ? parseEmailAddress(identity.email.address) : undefined;
    if (!email) return refused(new EmailUnprovedByProvider());
    const { canonical } = email;
    const holder = await stores.accounts.findCredentials({ kind: 'email', canonical });
    // Another browser of theirs may have made it since the first question.
    const lateOwnerId = holder && (await stores.identities.ownerOf(identity));
    if (lateOwnerId !== undefined) return enterAsOwner(stores, opening, lateOwnerId);
    const { guest } = opening.from;
    if (guest && (!holder || holder.account.id === guest.userId)) {
      return upgrade(stores, opening, email, guest, holder);
    }
    if (!holder) return signUp(stores, opening, email);
    const { id: userId, emailVerifiedAt } = holder.account;
    const isByItself = provider.link === 'verified-email' && identity.email?.isAuthoritative;
    if (!isByItself || emailVerifiedAt === null) {
      await note(stores, opening, userId, 'link_required');
      return refused(new LinkRequired());
    }
    return linkAndEnter(stores, opening, userId, canonical);
  }

  async function enterAsOwner(
    stores: Stores,
    opening: Opening,
    userId: string,
  ): Promise<Outcome<Opened>> {
    const current = await stores.accounts.lock(userId);
    const held = await stores.identities.list(userId);
    const known = held.find((each) => isSame(each, opening.identity));
    if (!current || !known) throw new Overtaken();
    const { email } = opening.identity;
    const shown = { email: email?.address ?? null, isEmailProved: email?.isProved ?? false };
    await stores.identities.use(userId, known.id, { ...shown, at: now() });
    return enter(stores, opening, current);
  }

  async function signUp(
    stores: Stores,
    opening: Opening,
    email: EmailAddress,
  ): Promise<Outcome<Opened>> {
    if (!options.isSignUpOpen) return refused(new SignUpClosed());
    const at = now();
    const { registration, identity } = opening;
    const { firstName, lastName } = identity;
    const passwordHash = registration?.passwordHash ?? null;
    const names = { username: null, firstName, lastName };
    const proved = registration ? {} : { emailVerifiedAt: at };
    const made = { id: newId(), email, ...names, passwordHash, ...proved, createdAt: at };
    const registered = await stores.accounts.insert(made);
    const { id: userId } = registered.account;
    await put(stores, opening, userId, at);
    await concludeAddress(stores, opening, userId, email, at);
    const detail = { provider: opening.provider.name };
    const about = { at, userId, sessionId: null, ...opening.from.client, detail };
    await stores.audit.record({ ...about, type: 'account.registered' });
    return { ...(await enter(stores, opening, { ...registered, passwordHash })), isMade: true };
  }

  /**
   * The account is the guest's. It has no factor yet that could be asked for. Where nobody signs in before
   * the address is proved, they go on being a guest until it is. A password that they have asked for with
   * this address, in this browser, stays where it is proved now; whatever else was there goes.
   */
  async function upgrade(
    stores: Stores,
    opening: Opening,
    email: EmailAddress,
    guest: GuestSession,
    holder: AccountCredentials | undefined,
  ): Promise<Outcome<Opened>> {
    if (!options.isSignUpOpen) return refused(new SignUpClosed());
    const { identity, from, registration } = opening;
    const at = now();
    const { firstName, lastName } = identity;
    const asked = await options.lockGuest(stores, guest.userId);
    const isTheirs = holder && !registration && !mayBeAnother(asked, { ...from, signedIn: null });
    if (!isTheirs) await removeWhatOpens(stores, guest.userId);
    const { passwordHash } = registration ?? { passwordHash: noPassword(options.randomBytes) };
    const password = isTheirs ? {} : { passwordHash };
    const proved = registration ? {} : { emailVerifiedAt: at };
    const changes = { email, firstName, lastName, ...password, ...proved };
    const { client } = from;
    if (registration && options.isProofFirst) {
      await stores.accounts.update(guest.userId, changes, at);
      await put(stores, opening, guest.userId, at);
      await concludeAddress(stores, opening, guest.userId, email, at);
      const { userId, sessionId } = guest;
      const type = 'guest.registration_begun';
      await stores.audit.record({ type, at, userId, sessionId, ...client });
      return { ...refused(new EmailNotVerified()), isMade: true };
    }
    const proof = proofOf(opening);
    const authenticatedAt = shownAt(opening, at);
    const how = { changes, by: 'provider', proof, authenticatedAt, client } as const;
    const opened = await options.upgradeGuest(stores, guest, how);
    await put(stores, opening, guest.userId, at);
    await concludeAddress(stores, opening, guest.userId, email, at);
    const { once } = from;
    if (once) await stores.factors.spend(guest.userId, once.id, once.expiresAt, at);
    return { kind: 'opened', opened, isMade: true };
  }

  /** For a proved address nothing waits any more; to any other goes a mail that proves it. */
  async function concludeAddress(
    stores: Stores,
    { registration, from }: Opening,
    userId: string,
    { address: recipient }: EmailAddress,
    at: Date,
  ): Promise<void> {
    if (!registration) return stores.registrations.forget(recipient);
    const { locale, client } = from;
    const { userAgent } = client;
    const mail = { template: 'verify-email', locale, recipient, userId, userAgent } as const;
    await stores.outbox.put({ ...mail, preparedToken: null }, at);
  }

  async function linkAndEnter(
    stores: Stores,
    opening: Opening,
    userId: string,
    canonical: string,
  ): Promise<Outcome<Opened>> {
    const current = await stores.accounts.lock(userId);
    const held = parseEmailAddress(current?.account.email ?? '')?.canonical;
    if (!current?.account.emailVerifiedAt || held !== canonical) throw new Overtaken();
    if (!current.account.disabledAt) {
      const at = now();
      await put(stores, opening, userId, at);
      const { client, locale } = opening.from;
      const by = { userId, sessionId: null, client, locale };
      await tellOfIdentity(stores, current, by, 'identity.linked', opening.provider.name, at);
    }
    return enter(stores, opening, current);
  }

  async function put(stores: Stores, opening: Opening, userId: string, at: Date): Promise<void> {
    const { provider, identity } = opening;
    const used = { id: newId(), createdAt: at, lastUsedAt: at };
    const isPut = await stores.identities.put(userId, toIdentity(provider, identity, used));
    if (!isPut) throw new Overtaken();
  }

  /** The last steps of each way: what the account itself has to say. */
  async function enter(
    stores: Stores,
    opening: Opening,
    current: AccountCredentials,
  ): Promise<Outcome<Opened>> {
    const { from } = opening;
    const { id: userId } = current.account;
    const at = now();
    if (current.account.disabledAt) {
      await note(stores, opening, userId, 'account_disabled');
      return refused(new AccountDisabled());
    }
    // What a guest has asked for is no account before the address is proved.
    const { isGuest, emailVerifiedAt } = current.account;
    if (isGuest || (options.isProofFirst && emailVerifiedAt === null)) {
      return refused(new EmailNotVerified());
    }
    const { once } = from;
    if (once && !(await stores.factors.spend(userId, once.id, once.expiresAt, at))) {
      return refused(new ProviderRefused('the ID token was used before'));
    }
    const proof = proofOf(opening);
    const pending =
      proof.acr === 'aal2' ? undefined : await options.askSecondFactor(stores, current, at);
    if (pending) {
      const about = { at, userId, sessionId: null, ...from.client };
      await stores.audit.record({ ...about, type: 'login.second_factor_required' });
      return refused(new SecondFactorRequired({ acr: 'aal2', ...pending }));
    }
    const authenticatedAt = shownAt(opening, at);
    const opened = await options.openSession(stores, current, { ...from, proof, authenticatedAt });
    return { kind: 'opened', opened };
  }

  async function note(
    stores: Stores,
    { provider, from }: Opening,
    userId: string,
    why: string,
  ): Promise<void> {
    const about = { at: now(), userId, sessionId: null, ...from.client };
    const detail = { why, provider: provider.name };
    await stores.audit.record({ ...about, type: 'login.refused', detail });
  }
}

/** What is shown, and by whom. */
interface Opening {
  readonly provider: Provider;
  readonly identity: ProvedIdentity;
  readonly from: OpeningByIdentity & { readonly once?: Once };
  /** Present where an account that is made waits for a proof of its address. */
  readonly registration: Registration | undefined;
}

function proofOf({ provider, identity }: Opening): Proof {
  return provider.satisfies === 'aal2' && identity.hasTwoFactors
    ? { acr: 'aal2', amr: ['fed', 'mfa'] }
    : { acr: 'aal1', amr: ['fed'] };
}

/** When the person has shown who they are: here, or at the provider, whichever is older. */
function shownAt({ identity: { authTime } }: Opening, at: Date): Date {
  // One that was kept by a build before says nothing of it.
  return new Date(Math.min(at.getTime(), (authTime ?? 0) * 1_000));
}

function refused(error: DomainError): { readonly kind: 'refused'; readonly error: DomainError } {
  return { kind: 'refused', error };
}
