import type { Assurance } from '../core/assurance.ts';
import type { GenerationRange } from './notable-session.ts';

/** Where a session is found: everything of a person is kept by the person. */
export interface SessionKey {
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * A signed-in device. It is a family of refresh tokens, of which one is current: `generation`.
 * *Rotated* and *revoked* are different facts: a family ends at `revokedAt`, which always wins.
 */
export interface Session extends Assurance {
  readonly id: string;
  readonly userId: string;
  /** The number of the current refresh token. */
  readonly generation: number;
  /** The generation whose rotation made the current one; null before the first rotation. */
  readonly previousGeneration: number | null;
  /** The newest generation that a client was seen to hold. */
  readonly deliveredGeneration: number;
  /** The last rotation: the anchor of the grace window, which never slides. */
  readonly rotatedAt: Date | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** The absolute end. A rotation never moves it. */
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** The generations that were replaced last, because their answer seemed lost. */
  readonly replaced: GenerationRange | null;
  readonly userAgent: string | null;
  readonly ip: string | null;
}

/** What its access tokens say of how its person has shown who they are. */
export function assuranceOf({ acr, amr, authenticatedAt }: Session): Assurance {
  return { acr, amr, authenticatedAt };
}

/** Why a session ended before its time. Kept beside it, and told in the audit trail. */
export type RevocationReason =
  | 'logged_out'
  | 'token_reused'
  | 'session_limit'
  | 'revoked_by_user'
  | 'password_changed'
  | 'revoked_by_administrator'
  | 'account_disabled'
  | 'password_reset_forced'
  | 'email_changed'
  | 'email_change_undone'
  | 'email_proved_elsewhere'
  | 'guest_superseded';

/** A refresh token as the database keeps it. */
export interface StoredRefreshToken {
  readonly generation: number;
  readonly hash: Buffer;
  readonly expiresAt: Date;
  /** When it was spent, and the salt that its successor is derived from. */
  readonly rotatedAt: Date | null;
  readonly successorSalt: Buffer | null;
}
