import type { AccountCredentials, AccountStore } from '../accounts/account-store.ts';
import { type EmailAddress, parseEmailAddress } from '../accounts/email-address.ts';
import { AccountDisabled, EmailNotVerified, EmailTaken, SignUpClosed } from '../accounts/errors.ts';
import type { OpenSession } from '../accounts/open-account.ts';
import type { DomainError } from '../core/domain-error.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { FactorStore } from '../factors/factor-store.ts';
import type { AskSecondFactor } from '../factors/pending-sign-in.ts';
import { noPassword } from '../passwords/no-password.ts';
import type { RegistrationThrottle } from '../throttling/registration-throttle.ts';
import { SecondFactorRequired } from '../tokens/errors.ts';
import type { Registration } from '../tokens/registrant-token.ts';
import { EmailUnprovedByProvider, LinkRequired, ProviderRefused } from './errors.ts';
import { isSame } from './identity.ts';
import type { IdentityStore } from './identity-store.ts';
import {
  createMakeAccount,
  type MakeAccountOptions,
  type MakeAccountStores,
} from './make-account.ts';
import {
  type Opening,
  type OpeningByIdentity,
  Overtaken,
  proofOf,
  putIdentity,
  shownAt,
} from './opening.ts';
import type { ProvedIdentity, Provider } from './provider.ts';
import { tellOfIdentity } from './tell-of-identity.ts';

export interface OpenIdentityStores extends MakeAccountStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'findCredentials' | 'insert'>;
  readonly identities: IdentityStore;
  readonly factors: Pick<FactorStore, 'read' | 'spend'>;
}

export interface OpenIdentityOptions<Stores extends OpenIdentityStores, Opened>
  extends MakeAccountOptions<Stores, Opened> {
  readonly randomBytes: RandomBytes;
  readonly transact: Transact<Stores>;
  readonly identities: Pick<IdentityStore, 'ownerOf'>;
  readonly throttle: RegistrationThrottle;
  readonly askSecondFactor: AskSecondFactor;
  readonly isSignUpOpen: boolean;
  /** Whether nobody signs in before the address is proved. */
  readonly isProofFirst: boolean;
  readonly openSession: OpenSession<Stores, Opened>;
}

/** Nothing is thrown inside the transaction: what was noted must survive the refusal. */
type Outcome<Opened> = (
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'refused'; readonly error: DomainError }
) & {
  /** Present where the identity has got an account, or asked for one, whatever it opens by now. */
  readonly isMade?: true;
};

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
  from: OpeningByIdentity,
) => Promise<Opened>;

export function createOpenIdentity<Stores extends OpenIdentityStores, Opened>(
  options: OpenIdentityOptions<Stores, Opened>,
): OpenIdentity<Opened> {
  const { now, newId, transact } = options;
  const { signUp, upgrade } = createMakeAccount(options);

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
    if (!holder) return make(stores, opening, email);
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

  /** A guest becomes it at once, unless its address has to be proved first. They have no factor yet. */
  async function make(
    stores: Stores,
    opening: Opening,
    email: EmailAddress,
  ): Promise<Outcome<Opened>> {
    if (!options.isSignUpOpen) return refused(new SignUpClosed());
    const { from, registration } = opening;
    if (from.guest && !(registration && options.isProofFirst)) {
      const opened = await upgrade(stores, opening, email, from.guest);
      return { kind: 'opened', opened, isMade: true };
    }
    const made = await signUp(stores, opening, email);
    return { ...(await enter(stores, opening, made)), isMade: true };
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
      await putIdentity(stores.identities, opening, userId, { id: newId(), createdAt: at });
      const { client, locale } = opening.from;
      const by = { userId, sessionId: null, client, locale };
      await tellOfIdentity(stores, current, by, 'identity.linked', opening.provider.name, at);
    }
    return enter(stores, opening, current);
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
    const { once } = from;
    if (once && !(await stores.factors.spend(userId, once.id, once.expiresAt, at))) {
      return refused(new ProviderRefused('the ID token was used before'));
    }
    if (options.isProofFirst && current.account.emailVerifiedAt === null) {
      return refused(new EmailNotVerified());
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

function refused(error: DomainError): { readonly kind: 'refused'; readonly error: DomainError } {
  return { kind: 'refused', error };
}
