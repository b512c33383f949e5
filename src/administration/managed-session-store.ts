/** Which sessions an administrator means. Absent and null criteria let everything through. */
export interface SessionFilter {
  /** This one alone. */
  readonly sessionId?: string | null;
  readonly userId?: string | null;
  readonly role?: string | null;
  readonly openedBefore?: Date | null;
  readonly lastUsedBefore?: Date | null;
  /** One address, or a network such as 203.0.113.0/24. */
  readonly network?: string | null;
}

/** Sessions that a filter must not touch, whatever it says. */
export interface SpareSessions {
  readonly sessionId: string | null;
  /** Those of accounts that hold one of these scopes. */
  readonly scopes: readonly string[];
}

export interface EndedSession {
  readonly id: string;
  readonly userId: string;
}

export interface ManagedSessionStore {
  /** A session that no refresh token belongs to: it ends when its access token does. */
  openWithoutRefreshToken(session: {
    readonly id: string;
    readonly userId: string;
    readonly at: Date;
    readonly expiresAt: Date;
  }): Promise<void>;
  /** Ends those in which an account has acted as somebody else since a moment. @returns those that it ended */
  revokeImpersonations(actorId: string, since: Date, at: Date): Promise<readonly EndedSession[]>;
  /** How many live sessions a filter means. */
  count(filter: SessionFilter, spare: SpareSessions, at: Date): Promise<number>;
  /** Ends at most `limit` of them. @returns those that it ended */
  revoke(
    filter: SessionFilter,
    spare: SpareSessions,
    at: Date,
    limit: number,
  ): Promise<readonly EndedSession[]>;
}
