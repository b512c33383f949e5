/** Why an identity was refused. Stable; fit for a log and a metric. */
export type IdentityRefusalReason =
  | 'TOKEN_MISSING'
  | 'TOKEN_INVALID'
  | 'TOKEN_EXPIRED'
  | 'WRONG_AUDIENCE'
  | 'UNKNOWN_KEY'
  | 'BODY_MISMATCH'
  | 'TOKEN_REPLAYED'
  | 'METHOD_NOT_ALLOWED'
  | 'BODY_TOO_LARGE'
  | 'KEYS_UNAVAILABLE';

const statuses: Readonly<Partial<Record<IdentityRefusalReason, number>>> = {
  METHOD_NOT_ALLOWED: 405,
  BODY_TOO_LARGE: 413,
  KEYS_UNAVAILABLE: 503,
};

/** The request did not come from the gateway as it is. The message holds nothing of the request. */
export class IdentityRefused extends Error {
  readonly reason: IdentityRefusalReason;
  /** The HTTP status to answer with. */
  readonly status: number;

  constructor(reason: IdentityRefusalReason, options?: ErrorOptions) {
    super(`The identity of the request was refused: ${reason}.`, options);
    this.name = 'IdentityRefused';
    this.reason = reason;
    this.status = statuses[reason] ?? 401;
  }
}

/** The refusal as a GraphQL answer: the body for the status above. */
export function refusalBody(refusal: IdentityRefused): string {
  const extensions = { code: 'IDENTITY_REFUSED', reason: refusal.reason };
  return JSON.stringify({ errors: [{ message: refusal.message, extensions }] });
}
