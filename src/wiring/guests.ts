import { SignUpClosed } from '../accounts/errors.ts';
import type { GuestUseCases } from '../graphql/guests/guest.resolver.ts';
import { type BecomeAccount, createBecomeAccount } from '../guests/become-account.ts';
import { createRemoveIdleGuests } from '../guests/remove-idle-guests.ts';
import { createSignInAsGuest } from '../guests/sign-in-as-guest.ts';
import { createUpgradeGuest, type UpgradeGuest } from '../guests/upgrade-guest.ts';
import { createGuestThrottle } from '../throttling/guest-throttle.ts';
import { AccountRequired } from '../tokens/errors.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Opening } from './sessions.ts';
import type { Storage } from './storage.ts';

/** Milliseconds. */
const firstRemoval = 11 * 60_000;
const removalInterval = 6 * 3_600_000;

/** How a guest becomes an account, whatever they do for it. */
export interface Upgrades {
  readonly becomeAccount: BecomeAccount;
  readonly upgradeGuest: UpgradeGuest;
  /** Whether one becomes an account that has no address. @throws AccountRequired, SignUpClosed */
  readonly assertUpgradable: () => void;
}

export function wireUpgrades(
  { config, now, randomBytes, metrics }: Base,
  { accessTokens, refreshTokens }: Credentials,
): Upgrades {
  const becomeAccount = createBecomeAccount(() => metrics?.guestChanged('upgraded'));
  return {
    becomeAccount,
    upgradeGuest: createUpgradeGuest({
      now,
      randomBytes,
      accessTokens,
      refreshTokens,
      refreshTokenTtl: config.refreshToken.ttl,
      becomeAccount,
    }),
    assertUpgradable() {
      if (config.signUp === 'closed') throw new SignUpClosed();
      if (config.requireVerifiedEmail === 'login') throw new AccountRequired();
    },
  };
}

/** People who have no account yet. */
export function wireGuests(
  { config, now, newId, metrics }: Base,
  { transact, makeLimiter }: Storage,
  openSession: Opening['openSession'],
): GuestUseCases {
  const signInAsGuest = createSignInAsGuest({
    isOn: config.hasGuests,
    now,
    newId,
    throttle: createGuestThrottle(makeLimiter),
    transact,
    openSession,
  });
  return {
    async signInAsGuest(command) {
      const signedIn = await signInAsGuest(command);
      metrics?.guestChanged('made');
      return signedIn;
    },
  };
}

/** Removes those who stay away, now and then; where there are no guests any more, too. */
export function scheduleGuestRemoval(
  { now, timers, log, metrics }: Base,
  { stores, transact }: Storage,
): void {
  const removeIdleGuests = createRemoveIdleGuests({ now, guests: stores.guests, transact });
  const remove = () => {
    removeIdleGuests().then(
      (removed) => {
        if (removed === 0) return;
        metrics?.guestChanged('removed', removed);
        log.info({ deleted: removed }, 'guests.removed');
      },
      (err: unknown) => log.warn({ err }, 'guests.remove_failed'),
    );
  };
  timers.after(firstRemoval, remove);
  timers.every(removalInterval, remove);
}
