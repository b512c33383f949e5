import type { AuthenticationMethod, Proof } from '../core/assurance.ts';
import type { FactorVerdict } from './verify-factor.ts';

/**
 * What is shown by a factor, and by what was shown before it. A passkey that has verified its user
 * resists phishing, whatever else there was.
 */
export function proofOf(
  { amr, method }: Extract<FactorVerdict, { kind: 'shown' }>,
  before: readonly AuthenticationMethod[],
): Proof {
  return {
    acr: method === 'PASSKEY' ? 'phr' : 'aal2',
    amr: [...new Set([...before, amr, 'mfa' as const])],
  };
}
