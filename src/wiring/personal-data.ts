import { createAssertProved } from '../accounts/assert-proved.ts';
import { createDeleteAccount } from '../accounts/delete-account.ts';
import { createEraseOrigins } from '../accounts/erase-origins.ts';
import { createExportPersonalData } from '../accounts/export-personal-data.ts';
import type { PersonalDataUseCases } from '../graphql/accounts/personal-data.resolver.ts';
import { createDeleteGuest } from '../guests/delete-guest.ts';
import { createExportThrottle } from '../throttling/export-throttle.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Storage } from './storage.ts';

/** Milliseconds. */
const eraseInterval = 3_600_000;

/** What people are owed of what is kept of them: to have it, and to have it go. */
export function wirePersonalData(
  { config, now, metrics }: Base,
  { transact, makeLimiter }: Storage,
  { confirmPassword }: Credentials,
): PersonalDataUseCases {
  const deleteGuest = createDeleteGuest({ now, transact });
  return {
    async deleteGuest(guest) {
      await deleteGuest(guest);
      metrics?.guestChanged('deleted');
    },
    deleteAccount: createDeleteAccount({ now, confirmPassword, transact }),
    exportPersonalData: createExportPersonalData({
      now,
      throttle: createExportThrottle(makeLimiter),
      assertProved: createAssertProved(config.requireVerifiedEmail !== 'never'),
      transact,
    }),
  };
}

/** The rest of what deleted accounts and changes of address have left, now and then. */
export function scheduleErasure({ now, timers, log }: Base, { stores, transact }: Storage): void {
  const eraseOrigins = createEraseOrigins({ now, transact });
  timers.every(eraseInterval, () => {
    Promise.all([
      eraseOrigins(),
      stores.emailChanges.forgetOutdated(now()),
      stores.providerSignIns.forgetOutdated(now()),
      stores.emailSignIns.forgetOutdated(now()),
    ]).catch((err: unknown) => log.warn({ err }, 'personal_data.erase_failed'));
  });
}
