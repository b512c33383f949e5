import type { FactorStore } from './factor-store.ts';
import { confirmationsOf, type FactorMethod, hasSecondFactor } from './factors.ts';

export interface BegunStepUp {
  readonly methods: readonly FactorMethod[];
}

/** Tells how somebody can show once more who they are. @throws ServiceUnavailable */
export type BeginStepUp = (userId: string) => Promise<BegunStepUp>;

export function createBeginStepUp(factors: Pick<FactorStore, 'read'>): BeginStepUp {
  return async (userId) => {
    const known = await factors.read(userId);
    return { methods: hasSecondFactor(known) ? confirmationsOf(known) : ['PASSWORD'] };
  };
}
