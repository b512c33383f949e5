import type { AuditLog } from '../audit/audit-log.ts';
import { byPassword } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { PasswordPolicy } from '../passwords/password-policy.ts';
import type { RegistrationThrottle } from '../throttling/registration-throttle.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import type { Registration } from '../tokens/registrant-token.ts';
import type { AccountStore } from './account-store.ts';
import { checkRegistration } from './check-registration.ts';
import type { EmailAddress } from './email-address.ts';
import type { GuestSession } from './guest-session.ts';
import type { OpenSession, UpgradeGuest } from './open-account.ts';
import { plainUsername } from './username.ts';

export interface RegisterCommand {
  readonly email: string;
  readonly password: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly client: Client;
  readonly device: KnownDevice | undefined;
  /** Lets the browser know later that this registration is its own, whatever comes of it. */
  readonly remember: (registration: Registration) => void;
  readonly locale: Locale;
  /** Who asks as a guest: their row becomes the account. */
  readonly guest?: GuestSession | undefined;
}

interface RegisterStores {
  readonly accounts: AccountStore;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface RegisterOptions<Stores extends RegisterStores, Opened> {
  readonly now: Clock;
  readonly newId: NewId;
  readonly passwordPolicy: PasswordPolicy;
  readonly passwordHasher: PasswordHasher;
  readonly throttle: RegistrationThrottle;
  readonly transact: Transact<Stores>;
  /** Opens the new account's first session, in the same transaction. */
  readonly openSession: OpenSession<Stores, Opened>;
  /** Makes a guest the account instead, and goes on with their session, in the same transaction. */
  readonly upgradeGuest: UpgradeGuest<Stores, 'password', Opened>;
}

/**
 * Makes an account, opens its first session and asks by mail for a proof of the address: all or
 * nothing. Where a guest asks, the account is theirs.
 *
 * @throws BadUserInput with every field at once, EmailTaken, UsernameTaken, RateLimited, AccessRefused
 * for who is no guest any more, ServiceUnavailable
 */
export type Register<Opened> = (command: RegisterCommand) => Promise<Opened>;

export function createRegister<Stores extends RegisterStores, Opened>(
  options: RegisterOptions<Stores, Opened>,
): Register<Opened> {
  const { now, newId, passwordHasher, throttle, transact } = options;

  return (command) =>
    passwordHasher.admit(command.client.ip, async (hashing) => {
      const email = await checkRegistration(command, options.passwordPolicy, hashing);
      await throttle(command.client.ip);
      const passwordHash = await hashing.hash(command.password);
      command.remember({ email: email.canonical, passwordHash });
      return transact(async (stores) => {
        const { guest, client, firstName, lastName } = command;
        const username = plainUsername(command.username);
        const made = { email, username, firstName, lastName, passwordHash };
        if (guest) {
          const how = { changes: made, by: 'password', proof: byPassword, client } as const;
          const upgraded = await options.upgradeGuest(stores, guest, how);
          await askForProof(stores, guest.userId, email, command);
          return upgraded;
        }
        const registered = await stores.accounts.insert({ id: newId(), ...made, createdAt: now() });
        const { id: userId } = registered.account;
        const type = 'account.registered';
        await stores.audit.record({ type, at: now(), userId, sessionId: null, ...client });
        await askForProof(stores, userId, email, command);
        const who = { ...registered, passwordHash };
        return options.openSession(stores, who, { ...command, proof: byPassword });
      });
    });

  function askForProof(
    { outbox }: RegisterStores,
    userId: string,
    { address: recipient }: EmailAddress,
    { locale, client: { userAgent } }: RegisterCommand,
  ): Promise<void> {
    const mail = { template: 'verify-email', locale, recipient, userId, userAgent } as const;
    return outbox.put({ ...mail, preparedToken: null }, now());
  }
}
