import type { Grants } from '../access/grants.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { byPassword, type Proof } from '../core/assurance.ts';
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
import type { Account } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { checkRegistration } from './check-registration.ts';
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
  readonly openSession: (
    stores: Stores,
    who: { readonly account: Account; readonly grants: Grants },
    from: {
      readonly client: Client;
      readonly device: KnownDevice | undefined;
      readonly locale: Locale;
      readonly proof: Proof;
    },
  ) => Promise<Opened>;
}

/**
 * Makes an account, opens its first session and asks by mail for a proof of the address: all or
 * nothing.
 *
 * @throws BadUserInput with every field at once, EmailTaken, UsernameTaken, RateLimited,
 * ServiceUnavailable
 */
export type Register<Opened> = (command: RegisterCommand) => Promise<Opened>;

export function createRegister<Stores extends RegisterStores, Opened>(
  options: RegisterOptions<Stores, Opened>,
): Register<Opened> {
  const { now, newId, passwordHasher, throttle, transact, openSession } = options;

  return (command) =>
    passwordHasher.admit(command.client.ip, async (hashing) => {
      const email = await checkRegistration(command, options.passwordPolicy, hashing);
      await throttle(command.client.ip);
      const passwordHash = await hashing.hash(command.password);
      command.remember({ email: email.canonical, passwordHash });
      return transact(async (stores) => {
        const registered = await stores.accounts.insert({
          id: newId(),
          email,
          username: plainUsername(command.username),
          firstName: command.firstName,
          lastName: command.lastName,
          passwordHash,
          createdAt: now(),
        });
        await stores.audit.record({
          type: 'account.registered',
          at: now(),
          userId: registered.account.id,
          sessionId: null,
          ...command.client,
        });
        await stores.outbox.put(
          {
            template: 'verify-email',
            locale: command.locale,
            recipient: email.address,
            userId: registered.account.id,
            preparedToken: null,
            userAgent: command.client.userAgent,
          },
          now(),
        );
        return openSession(stores, registered, { ...command, proof: byPassword });
      });
    });
}
