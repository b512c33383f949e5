import type { Passkey } from './factors.ts';
import type { ReadAssertion } from './webauthn.ts';

export type PasskeyVerdict =
  | { readonly kind: 'good' }
  /** Its counter did not grow, and copies of it are expected: they count each for themselves. */
  | { readonly kind: 'stalled' }
  | { readonly kind: 'copied' }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Judges what a device says of a passkey by what is known of it.
 *
 * Attacks: the key of one device, copied out of it (its counter no longer grows, section 6.1.1); a device
 * that says of itself what it has never been (section 7.2, step 18: whether a passkey may be copied is
 * told when it is made, and never changes).
 */
export function judgePasskey(known: Passkey, shown: ReadAssertion): PasskeyVerdict {
  if (shown.isSynced !== known.isSynced) return { kind: 'refused', why: 'backup eligibility' };
  if (shown.isBackedUp && !shown.isSynced) return { kind: 'refused', why: 'backup state' };
  const counts = known.counter > 0 || shown.counter > 0;
  if (!counts || shown.counter > known.counter) return { kind: 'good' };
  return { kind: known.isSynced ? 'stalled' : 'copied' };
}
