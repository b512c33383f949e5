import type { AuthenticationMethod, ShownAssurance } from '../core/assurance.ts';

/** With what a sign-in may begin: a password, a mail, or a provider. */
export const firstFactors = [
  'pwd',
  'email',
  'fed',
] as const satisfies readonly AuthenticationMethod[];

export type FirstFactor = (typeof firstFactors)[number];

/**
 * What of a session's beginning still stands beside a factor that is shown now.
 *
 * Attack: a recovery code that was used long ago and would go on to stand for a lost device.
 */
export function firstFactorsOf({ amr }: Pick<ShownAssurance, 'amr'>): readonly FirstFactor[] {
  return firstFactors.filter((method) => amr.includes(method));
}
