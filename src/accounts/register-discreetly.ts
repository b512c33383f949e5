import type { AuditLog } from '../audit/audit-log.ts';
import { BadUserInput } from '../core/domain-error.ts';
import type { Transact } from '../core/transact.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { RegistrationMailThrottle } from '../throttling/mail-throttle.ts';
import type { AccountStore } from './account-store.ts';
import { checkRegistration } from './check-registration.ts';
import type { EmailAddress } from './email-address.ts';
import type { EmailChanges } from './email-changes.ts';
import { EmailNotVerified, EmailTaken } from './errors.ts';
import type { PendingRegistrations } from './pending-registrations.ts';
import type { Register, RegisterCommand, RegisterOptions } from './register.ts';

interface DiscreetStores {
  readonly accounts: Pick<AccountStore, 'insert' | 'findCredentials'>;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly registrations: PendingRegistrations;
  readonly emailChanges: Pick<EmailChanges, 'claimantOf'>;
  readonly guests: { readonly askFor: (id: string, accountId: string) => Promise<void> };
}

export interface RegisterDiscreetlyOptions
  extends Pick<
    RegisterOptions<never, never>,
    'now' | 'newId' | 'passwordPolicy' | 'passwordHasher' | 'throttle'
  > {
  readonly transact: Transact<DiscreetStores>;
  readonly mailThrottle: RegistrationMailThrottle;
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
 * Attack: a mailbox that we are made to flood. An address gets a few mails an hour; a registration more is
 * answered as every other, and sends none: those that are there by then do what one more would do.
 *
 * Attack: somebody else's address, asked for as a guest. Were it kept in the guest's row, its owner would get
 * the account of a stranger, with what they have left there, and what happens to the row would tell the guest
 * of the address. It is an account of its own, as for everybody, which the guest becomes with their first
 * sign-in.
 *
 * @throws EmailNotVerified always, when nothing else was wrong; BadUserInput, RateLimited, ServiceUnavailable
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
      const isMailed = await options.mailThrottle(email.canonical);
      const asked = { ...command, address: email, passwordHash, isMailed };
      const written = write(asked).catch((error: unknown) => {
        // Somebody else was faster; now it is taken.
        if (error instanceof EmailTaken) return write(asked);
        throw error;
      });
      await Promise.all([written, options.pause(leastTime)]);
      throw new EmailNotVerified();
    });

  function write({
    address: email,
    passwordHash,
    isMailed,
    ...command
  }: RegisterCommand & {
    readonly address: EmailAddress;
    readonly passwordHash: string;
    readonly isMailed: boolean;
  }): Promise<void> {
    const { firstName, lastName, client, locale, guest } = command;
    return transact(async (stores) => {
      const { accounts, audit, outbox, registrations, emailChanges, guests } = stores;
      const at = now();
      const about = { at, sessionId: null, ...client };
      if (guest) await audit.record({ ...about, ...guest, type: 'guest.registration_begun' });
      const { userAgent } = client;
      const mail = { locale, recipient: email.address, preparedToken: null, userAgent };
      const holder = await accounts.findCredentials({ kind: 'email', canonical: email.canonical });
      const holderId = holder?.account.id ?? (await emailChanges.claimantOf(email.canonical, at));
      if (holderId !== undefined) {
        const whose = { userId: holderId };
        await audit.record({ ...about, type: 'account.registration_repeated', ...whose });
        // Attack: asking first, so that the guest who reads its mail does not become the account.
        if (guest) await guests.askFor(guest.userId, holderId);
        if (isMailed) await outbox.put({ ...mail, template: 'account-exists', ...whose }, at);
      } else {
        const userId = newId();
        const names = { username: null, firstName, lastName };
        const made = { id: userId, email, ...names, passwordHash, askedBy: guest?.userId };
        await accounts.insert({ ...made, createdAt: at });
        await audit.record({ ...about, type: 'account.registered', userId });
        if (isMailed) await outbox.put({ ...mail, template: 'verify-email', userId }, at);
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
