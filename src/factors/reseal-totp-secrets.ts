import type { FactorStore } from './factor-store.ts';
import type { SealedSecrets } from './sealed-secrets.ts';

/**
 * Seals every secret of codes with the newest of our secrets, so that the others can be taken away.
 *
 * @returns how many were sealed anew, and how many none of them opens
 */
export type ResealTotpSecrets = () => Promise<{
  readonly resealed: number;
  readonly closed: number;
}>;

export function createResealTotpSecrets(
  factors: Pick<FactorStore, 'listTotpSecrets' | 'resealTotp'>,
  sealedSecrets: SealedSecrets,
): ResealTotpSecrets {
  return async () => {
    let resealed = 0;
    let closed = 0;
    for (const { userId, sealedSecret } of await factors.listTotpSecrets()) {
      const opened = sealedSecrets.open(sealedSecret, userId);
      if (!opened) closed += 1;
      if (!opened?.isOutdated) continue;
      const anew = sealedSecrets.seal(opened.secret, userId);
      await factors.resealTotp(userId, sealedSecret, anew);
      resealed += 1;
    }
    return { resealed, closed };
  };
}
