import type { AuditLog } from '../audit/audit-log.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { AccountStore } from './account-store.ts';
import { checkRegistration } from './check-registration.ts';
import type { EmailAddress } from './email-address.ts';
import type { EmailChanges } from './email-changes.ts';
import { EmailNotVerified, EmailTaken } from './errors.ts';
import type { PendingRegistrations } from './pending-registrations.ts';
import type { Register, RegisterCommand, RegisterOptions } from './register.ts';
import { type RemoveWhatOpensStores, removeWhatOpens } from './remove-what-opens.ts';

interface DiscreetStores extends RemoveWhatOpensStores {
  readonly accounts: Pick<AccountStore, 'insert' | 'update' | 'lock' | 'findCredentials'>;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly registrations: PendingRegistrations;
  readonly emailChanges: Pick<EmailChanges, 'claimantOf'>;
}

export interface RegisterDiscreetlyOptions
  extends Pick<
    RegisterOptions<never, never>,
    'now' | 'newId' | 'passwordPolicy' | 'passwordHasher' | 'throttle'
  > {
  readonly transact: Transact<DiscreetStores>;
  /** Locks the row of the guest who asks. @throws AccessRefused where it is no guest's any more */
  readonly lockGuest: (
    stores: Pick<DiscreetStores, 'accounts'>,
    userId: string,
  ) => Promise<unknown>;
  /** Resolves after so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Milliseconds that the writing takes at the least: longer than either of its two ways needs. */
const leastTime = 150;

/**
 * Makes an account that nobody can use before its address is proved by mail; an address that has one
 * already gets a mail that says so instead. Both end in the same refusal.
 *
 * Attack: registering addresses to learn which of them have an account. Answer, status and headers
 * are the same; so is the time, for both hash, both write, and the answer waits until the slower of
 * the two would be through. A username would tell as well, by being taken afterwards or not: it is
 * chosen later.
 *
 * A guest goes on being one, and is told nothing of what they have asked for, until the address is proved:
 * then their row is the account.
 *
 * @throws EmailNotVerified always, when nothing else was wrong; BadUserInput, RateLimited, AccessRefused
 * for who is no guest any more, ServiceUnavailable
 */
export function createRegisterDiscreetly(options: RegisterDiscreetlyOptions): Register<never> {
  const { now, newId, passwordHasher, transact } = options;

  return (command) =>
    passwordHasher.admit(command.client.ip, async (hashing) => {
      const email = await checkRegistration(command, options.passwordPolicy, hashing);
      if (command.username !== null) throw new BadUserInput([usernameLater]);
      await options.throttle(command.client.ip);
      const passwordHash = await hashing.hash(command.password);
      command.remember({ email: email.canonical, passwordHash });
      const written = write(command, email, passwordHash).catch((error: unknown) => {
        // Somebody else was faster; now it is taken.
        if (error instanceof EmailTaken) return write(command, email, passwordHash);
        throw error;
      });
      await Promise.all([written, options.pause(leastTime)]);
      throw new EmailNotVerified();
    });

  function write(
    { firstName, lastName, client, locale, guest }: RegisterCommand,
    email: EmailAddress,
    passwordHash: string,
  ): Promise<void> {
    return transact(async (stores) => {
      const { accounts, audit, outbox, registrations, emailChanges } = stores;
      const at = now();
      const about = { at, sessionId: null, ...client };
      if (guest) {
        await options.lockGuest(stores, guest.userId);
        // Whether or not the address is free: what is there afterwards would tell.
        await removeWhatOpens(stores, guest.userId);
        await audit.record({ ...about, ...guest, type: 'guest.registration_begun' });
      }
      const { userAgent } = client;
      const mail = { locale, recipient: email.address, preparedToken: null, userAgent };
      const holder = await accounts.findCredentials({ kind: 'email', canonical: email.canonical });
      const holderId = holder?.account.id ?? (await emailChanges.claimantOf(email.canonical, at));
      const names = { username: null, firstName, lastName };
      // What they have asked for before is theirs to ask for anew.
      if (holderId !== undefined && holderId !== guest?.userId) {
        const whose = { userId: holderId };
        await audit.record({ ...about, type: 'account.registration_repeated', ...whose });
        // Attack: a guest who asks for an address of their own first. Its link would go on to work where
        // the other one is taken, and be dead where it is free.
        if (guest) {
          await accounts.update(guest.userId, { email: null, ...names, passwordHash }, at);
        }
        await outbox.put({ ...mail, template: 'account-exists', ...whose }, at);
      } else {
        const made = { email, ...names, passwordHash };
        const userId = guest?.userId ?? newId();
        if (guest) await accounts.update(userId, made, at);
        else {
          await accounts.insert({ ...made, id: userId, createdAt: at });
          await audit.record({ ...about, type: 'account.registered', userId });
        }
        await outbox.put({ ...mail, template: 'verify-email', userId }, at);
      }
      await registrations.put(email.canonical, passwordHash, at);
    });
  }
}

const usernameLater = {
  path: 'username',
  rule: 'USERNAME_LATER',
  message: 'A username can be chosen when the e-mail address is confirmed.',
};
