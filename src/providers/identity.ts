import type { ProvedIdentity, Provider } from './provider.ts';

/** Somebody's account at a provider, which opens theirs here. */
export interface Identity {
  readonly id: string;
  /** The provider's name here. */
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  /** As the provider gave it last. */
  readonly email: string | null;
  readonly isEmailProved: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** What is kept of an identity that was shown. */
export function toIdentity(
  { name: provider }: Provider,
  { issuer, subject, email }: ProvedIdentity,
  kept: Pick<Identity, 'id' | 'createdAt' | 'lastUsedAt'>,
): Identity {
  const { address = null, isProved: isEmailProved = false } = email ?? {};
  return { provider, issuer, subject, email: address, isEmailProved, ...kept };
}

export function isSame(
  one: Pick<ProvedIdentity, 'issuer' | 'subject'>,
  other: Pick<ProvedIdentity, 'issuer' | 'subject'>,
): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}
