/** Who is asking, as the gateway has vouched for it. */
export type Identity = AnonymousIdentity | UserIdentity;

export interface AnonymousIdentity {
  readonly kind: 'anonymous';
  /** The client's request at the gateway, for logs. */
  readonly requestId: string;
}

export interface UserIdentity {
  readonly kind: 'user';
  readonly userId: string;
  /** Undefined where the gateway's configuration keeps it from this subgraph. */
  readonly sessionId: string | undefined;
  /** Empty where the gateway's configuration keeps them from this subgraph. */
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /**
   * How strongly the person has shown who they are: `aal1` with one factor, `aal2` with two, `phr` in a way
   * that can't be phished. Absent where the gateway's configuration keeps it from this subgraph.
   */
  readonly acr?: string;
  /** How, in the words of RFC 8176, such as `pwd` and `otp`. Absent as above. */
  readonly amr?: readonly string[];
  /** When, in seconds since 1970: the log-in or a step-up, not a refresh. Absent as above. */
  readonly authTime?: number;
  /** The account of who acts in the user's name, such as an administrator who helps. */
  readonly actorId: string | undefined;
  readonly requestId: string;
}
