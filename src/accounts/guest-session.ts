/** The session of somebody who has no account yet. */
export interface GuestSession {
  readonly userId: string;
  readonly sessionId: string;
}
