import type { RandomBytes } from '../core/random.ts';
import type { FactorStores } from './factor-change.ts';
import type { Factors } from './factors.ts';
import { newRecoveryCodes } from './recovery-codes.ts';

/** With its first second factor an account gets recovery codes. @returns them; none where there are some */
export async function giveFirstRecoveryCodes(
  { factors }: Pick<FactorStores, 'factors'>,
  randomBytes: RandomBytes,
  known: Factors,
  userId: string,
  at: Date,
): Promise<readonly string[]> {
  if (known.recoveryCodes > 0) return [];
  const { codes, hashes } = newRecoveryCodes(randomBytes);
  await factors.replaceRecoveryCodes(userId, hashes, at);
  return codes;
}
