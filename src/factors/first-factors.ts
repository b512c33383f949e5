import type { AuthenticationMethod, ShownAssurance } from '../core/assurance.ts';

/** With what a sign-in may begin. */
const firstFactors: readonly AuthenticationMethod[] = ['pwd', 'email', 'fed'];

/**
 * What of a session's beginning still stands beside a factor that is shown now.
 *
 * Attack: a recovery code that was used long ago and would go on to stand for a lost device.
 */
export function firstFactorsOf({
  amr,
}: Pick<ShownAssurance, 'amr'>): readonly AuthenticationMethod[] {
  return amr.filter((method) => firstFactors.includes(method));
}
