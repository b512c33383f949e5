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
  /** The account of who acts in the user's name, such as an administrator who helps. */
  readonly actorId: string | undefined;
  readonly requestId: string;
}
