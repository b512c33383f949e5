import type { ProvedIdentity } from './provider.ts';

/** Whose account the identity is to be linked to, and in which session that was asked for. */
export interface LinkTarget {
  readonly userId: string;
  readonly sessionId: string;
}

/** What a sign-in at a provider is begun with. */
export interface FlowRequest {
  readonly nonce: string;
  readonly verifier: string;
  readonly maxAge: number | null;
  /** Null where somebody signs in. */
  readonly link: LinkTarget | null;
}

/** What came of it. A refusal goes the same way as a success: no text of a provider's reaches a page. */
export type FlowOutcome = { readonly link: LinkTarget | null } & (
  | { readonly kind: 'proved'; readonly identity: ProvedIdentity }
  | { readonly kind: 'refused'; readonly reason: 'PROVIDER_REFUSED' | 'PROVIDER_UNAVAILABLE' }
);

/** Seals what is kept of a sign-in on its way, so that the database alone tells nothing of it. */
export interface SealedSignIns {
  readonly seal: (text: string, stateHash: Buffer) => string;
  /** @returns undefined where it was not sealed as this one's, or with a secret that is gone */
  readonly open: (sealed: string, stateHash: Buffer) => string | undefined;
}

/** Milliseconds from the beginning to the answer of the provider, and from that to the end. */
export const flowLifetimes = { answer: 10 * 60_000, code: 60_000 } as const;
