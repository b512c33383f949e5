import type { OpeningFrom } from '../accounts/open-account.ts';
import type { Proof } from '../core/assurance.ts';
import type { Registration } from '../tokens/registrant-token.ts';
import type { Identity } from './identity.ts';
import { toIdentity } from './identity.ts';
import type { IdentityStore } from './identity-store.ts';
import type { ProvedIdentity, Provider } from './provider.ts';

/** Who signs in, in a browser that can be told later that an account was made in it. */
export interface OpeningByIdentity extends OpeningFrom {
  readonly remember: (registration: Registration) => void;
  /** What works once, and until when. */
  readonly once?: { readonly id: string; readonly expiresAt: Date };
}

/** What is shown, and by whom. */
export interface Opening {
  readonly provider: Provider;
  readonly identity: ProvedIdentity;
  readonly from: OpeningByIdentity;
  /** Present where an account that is made waits for a proof of its address. */
  readonly registration: Registration | undefined;
}

/** Somebody else was faster, and what was found does not hold any more. */
export class Overtaken extends Error {}

/** Gives a locked account the identity that is shown. @throws Overtaken where another account has it */
export async function putIdentity(
  identities: Pick<IdentityStore, 'put'>,
  { provider, identity }: Opening,
  userId: string,
  used: Pick<Identity, 'id' | 'createdAt'>,
): Promise<void> {
  const made = toIdentity(provider, identity, { ...used, lastUsedAt: used.createdAt });
  if (!(await identities.put(userId, made))) throw new Overtaken();
}

export function proofOf({ provider, identity }: Opening): Proof {
  return provider.satisfies === 'aal2' && identity.hasTwoFactors
    ? { acr: 'aal2', amr: ['fed', 'mfa'] }
    : { acr: 'aal1', amr: ['fed'] };
}

/** When the person has shown who they are: here, or at the provider, whichever is older. */
export function shownAt({ identity: { authTime } }: Opening, at: Date): Date {
  // One that was kept by a build before says nothing of it.
  return new Date(Math.min(at.getTime(), (authTime ?? 0) * 1_000));
}
