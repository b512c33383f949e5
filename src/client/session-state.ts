import type { ErrorReason } from './generated/errors.ts';

/** The person who is signed in, as the gateway last told. */
export interface SessionUser {
  readonly id: string;
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly avatarUrl: string | null;
  readonly emailVerified: boolean;
  readonly roles: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string;
}

/**
 * What is known of the session. Immutable: it is the same object until something changes.
 *
 * - `unknown` until the gateway's first answer, and for as long as that can't be had: somebody who
 *   starts offline may be signed in.
 * - `signed-in` stays while the gateway can't be reached.
 */
export interface SessionState {
  readonly status: 'unknown' | 'signed-in' | 'signed-out';
  readonly user: SessionUser | null;
  readonly sessionId: string | null;
  /** What ended the session that was here: a reason of the gateway, or `LOGOUT`. */
  readonly why?: ErrorReason | 'LOGOUT';
  /**
   * Why nothing newer is known: `offline` (no answer comes), `unavailable` (the gateway can't answer
   * now), `storage` (the storage of `delivery: 'body'` failed). The session is kept.
   */
  readonly problem?: 'offline' | 'unavailable' | 'storage';
}
