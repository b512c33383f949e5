import { isFresh, reaches, type ShownAssurance } from '../core/assurance.ts';
import type { Clock } from '../core/clock.ts';
import { StepUpRequired } from '../tokens/errors.ts';
import type { FactorStore } from './factor-store.ts';
import { confirmationsOf, hasSecondFactor } from './factors.ts';

/** Seconds for which two factors are enough to act on other people's accounts. */
export const longestAdministration = 15 * 60;

/**
 * Asks an administrator who has a second factor for it, before they act on somebody else's account.
 *
 * Attack: an administrator's session, stolen or left open, that makes another administrator.
 *
 * @throws StepUpRequired, ServiceUnavailable
 */
export type AssertSteppedUp = (
  administrator: ShownAssurance & { readonly id: string },
) => Promise<void>;

export function createAssertSteppedUp(
  factors: Pick<FactorStore, 'read'>,
  now: Clock,
): AssertSteppedUp {
  return async (administrator) => {
    const isFreshEnough = isFresh(administrator, longestAdministration, now());
    if (isFreshEnough && reaches(administrator.acr, 'aal2')) return;
    const known = await factors.read(administrator.id);
    if (!hasSecondFactor(known)) return;
    throw new StepUpRequired({
      acr: 'aal2',
      maxAge: longestAdministration,
      methods: confirmationsOf(known),
    });
  };
}
