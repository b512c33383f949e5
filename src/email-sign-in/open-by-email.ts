import type { AccountCredentials, AccountStore } from '../accounts/account-store.ts';
import { parseEmailAddress } from '../accounts/email-address.ts';
import { SignUpClosed } from '../accounts/errors.ts';
import type { GuestSession } from '../accounts/guest-session.ts';
import type { OpenSession, UpgradeGuest } from '../accounts/open-account.ts';
import { type ProveEmailStores, proveEmail } from '../accounts/prove-email.ts';
import { byEmail } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { PendingSignIn } from '../factors/pending-sign-in.ts';
import type { Locale } from '../mail/locale.ts';
import { noPassword } from '../passwords/no-password.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import { SecondFactorRequired } from '../tokens/errors.ts';
import type { Prover } from '../tokens/registrant-token.ts';
import type { EmailSignIn, EmailSignIns } from './email-sign-ins.ts';
import { CodeExpired } from './errors.ts';

/** Somebody who has shown what a mail says. */
export interface SignInByEmailCommand extends Prover {
  readonly client: Client;
  readonly device: KnownDevice | undefined;
  readonly locale: Locale;
  /** Who asks as a guest. */
  readonly guest?: GuestSession | undefined;
}

export interface OpenByEmailStores extends ProveEmailStores {
  readonly accounts: Pick<AccountStore, 'findCredentials' | 'insert' | 'lock' | 'update'>;
  readonly emailSignIns: Pick<EmailSignIns, 'spend'>;
}

export interface OpenByEmailOptions<Stores extends OpenByEmailStores, Opened> {
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly isSignUpOpen: boolean;
  readonly transact: Transact<Stores>;
  /** What a mail is not enough for; undefined where it is. */
  readonly askSecondFactor: (
    stores: Stores,
    who: AccountCredentials,
    at: Date,
  ) => Promise<PendingSignIn | undefined>;
  readonly openSession: OpenSession<Stores, Opened>;
  /** Makes the guest who asks the account, and goes on with their session, in the same transaction. */
  readonly upgradeGuest: UpgradeGuest<Stores, 'email', Opened>;
  readonly onSettled?: ((outcome: EmailSignInOutcome) => void) | undefined;
}

/** What became of a sign-in by mail. */
export type EmailSignInOutcome =
  | 'signed_in'
  | 'signed_up'
  | 'second_factor_required'
  | 'code_wrong'
  | 'started_elsewhere'
  | 'expired'
  | 'sign_up_closed';

type Outcome<Opened> =
  | { readonly kind: 'signed_in' | 'signed_up'; readonly opened: Opened }
  | { readonly kind: 'second_factor_required'; readonly pending: PendingSignIn }
  | { readonly kind: 'expired' | 'sign_up_closed' };

/**
 * Opens the session of the account with an address that somebody has just proved to read, and makes the
 * account where there is none.
 *
 * Attacks: one code, sent twenty times at one moment (the row that it belongs to is taken away, by one of
 * them); a code whose account has changed since the mail was sent (it is compared once more under the
 * account's lock); an account that a stranger has made with the address before its owner came (what
 * opened it goes, with this first proof).
 *
 * @param isStill whether what was shown is good for the account as it is under the lock
 * @throws CodeExpired, SignUpClosed, SecondFactorRequired, EmailTaken for an address that may still come
 * back to the account that left it, ServiceUnavailable
 */
export type OpenByEmail<Opened> = (
  signIn: EmailSignIn,
  command: SignInByEmailCommand,
  isStill: (holder: AccountCredentials | undefined) => boolean,
) => Promise<Opened>;

export function createOpenByEmail<Stores extends OpenByEmailStores, Opened>(
  options: OpenByEmailOptions<Stores, Opened>,
): OpenByEmail<Opened> {
  const { now, newId, randomBytes, transact } = options;

  return async (signIn, command, isStill) => {
    const outcome = await transact((stores) => settle(stores, signIn, command, isStill));
    options.onSettled?.(outcome.kind);
    switch (outcome.kind) {
      case 'signed_in':
      case 'signed_up':
        return outcome.opened;
      case 'second_factor_required':
        throw new SecondFactorRequired({ acr: 'aal2', ...outcome.pending });
      case 'sign_up_closed':
        throw new SignUpClosed();
      case 'expired':
        throw new CodeExpired();
    }
  };

  async function settle(
    stores: Stores,
    signIn: EmailSignIn,
    command: SignInByEmailCommand,
    isStill: (holder: AccountCredentials | undefined) => boolean,
  ): Promise<Outcome<Opened>> {
    const at = now();
    const holder = await lockHolder(stores, signIn);
    if (!isStill(holder)) return { kind: 'expired' };
    if (!(await stores.emailSignIns.spend(signIn.id, at))) return { kind: 'expired' };
    if (!holder && !options.isSignUpOpen) return { kind: 'sign_up_closed' };
    const { guest } = command;
    if (guest && !holder) {
      return { kind: 'signed_up', opened: await upgrade(stores, signIn, command, guest) };
    }
    const known = holder ?? (await signUp(stores, signIn, command, at));
    const proved = known.account.emailVerifiedAt
      ? known
      : await proveEmail(stores, known, { ...command, randomBytes, at });
    const pending = await options.askSecondFactor(stores, proved, at);
    if (pending) {
      const about = { at, userId: proved.account.id, sessionId: null, ...command.client };
      const detail = { first: 'email' };
      await stores.audit.record({ ...about, type: 'login.second_factor_required', detail });
      return { kind: 'second_factor_required', pending };
    }
    const { client, device, locale } = command;
    const from = { client, device, locale, proof: byEmail, guest };
    const opened = await options.openSession(stores, proved, from);
    return { kind: holder ? 'signed_in' : 'signed_up', opened };
  }

  /** The account is the guest's. */
  async function upgrade(
    stores: Stores,
    { email }: EmailSignIn,
    { client }: SignInByEmailCommand,
    guest: GuestSession,
  ): Promise<Opened> {
    const changes = { email, emailVerifiedAt: now(), passwordHash: noPassword(randomBytes) };
    const how = { changes, by: 'email', proof: byEmail, client } as const;
    const opened = await options.upgradeGuest(stores, guest, how);
    await stores.registrations.forget(email.address);
    return opened;
  }

  /** The account with the address, locked; undefined where none has it. */
  async function lockHolder(
    { accounts }: Stores,
    { email: { canonical } }: EmailSignIn,
  ): Promise<AccountCredentials | undefined> {
    const found = await accounts.findCredentials({ kind: 'email', canonical });
    const holder = found && (await accounts.lock(found.account.id));
    const address = parseEmailAddress(holder?.account.email ?? '');
    return address?.canonical === canonical ? holder : undefined;
  }

  /** Nobody has chosen a password: a mail is what opens it, until its holder sets one. */
  async function signUp(
    { accounts, audit }: Stores,
    { email }: EmailSignIn,
    { client }: SignInByEmailCommand,
    at: Date,
  ): Promise<AccountCredentials> {
    const passwordHash = noPassword(randomBytes);
    const id = newId();
    const names = { username: null, firstName: null, lastName: null };
    const made = await accounts.insert({ id, email, ...names, passwordHash, createdAt: at });
    const about = { at, userId: id, sessionId: null, ...client };
    await audit.record({ ...about, type: 'account.registered', detail: { by: 'email' } });
    return { ...made, passwordHash };
  }
}
