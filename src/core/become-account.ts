import type { Proof } from './assurance.ts';
import type { Client } from './client.ts';

/** Makes a guest, whose row the transaction has locked, the account that they have asked for; nothing for others. */
export type BecomeAccount<Stores, By extends string> = (
  stores: Stores,
  userId: string,
  how: {
    readonly by: By;
    /** What the guest's session has shown by that. */
    readonly proof: Proof;
    /** When that was shown, where it was not now. */
    readonly authenticatedAt?: Date;
    /** The account that they had asked for, which they take the place of. */
    readonly insteadOf?: string;
    readonly sessionId: string | null;
    readonly client: Client;
    readonly at: Date;
  },
) => Promise<void>;
