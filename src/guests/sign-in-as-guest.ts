import type { OpenSession } from '../accounts/open-account.ts';
import { byNothing } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Locale } from '../mail/locale.ts';
import type { GuestThrottle } from '../throttling/guest-throttle.ts';
import { GuestsOff } from './errors.ts';
import type { GuestStore } from './guest-store.ts';

interface GuestStores {
  readonly guests: Pick<GuestStore, 'insert'>;
}

export interface SignInAsGuestOptions<Stores extends GuestStores, Opened> {
  readonly isOn: boolean;
  readonly now: Clock;
  readonly newId: NewId;
  readonly throttle: GuestThrottle;
  readonly transact: Transact<Stores>;
  readonly openSession: OpenSession<Stores, Opened>;
}

/**
 * Opens a session for somebody who has no account, and may make one of what they are now.
 *
 * Attack: guests by the thousand, each a row and a session: a network makes so many in ten minutes, and
 * those who stay away are removed.
 *
 * @throws GuestsOff, RateLimited, ServiceUnavailable
 */
export type SignInAsGuest<Opened> = (command: {
  readonly client: Client;
  readonly locale: Locale;
}) => Promise<Opened>;

export function createSignInAsGuest<Stores extends GuestStores, Opened>(
  options: SignInAsGuestOptions<Stores, Opened>,
): SignInAsGuest<Opened> {
  const { now, newId, throttle, transact, openSession } = options;

  return async (command) => {
    if (!options.isOn) throw new GuestsOff();
    await throttle(command.client.ip);
    return transact(async (stores) => {
      const guest = await stores.guests.insert(newId(), now());
      // It is known by no cookie: what a device remembers are accounts.
      const who = { ...guest, passwordHash: null };
      return openSession(stores, who, { ...command, device: undefined, proof: byNothing });
    });
  };
}
