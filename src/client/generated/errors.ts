/** What a mail has to sign in with. */
export type EmailSignIn =
  | 'CODE'
  /** A link and a code. */
  | 'LINK'
  | 'OFF';

/** What kind of failure it was: `extensions.code` of an error. */
export type ErrorCode =
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'INTERNAL_SERVER_ERROR'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'OPERATION_LIMIT'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'PERSISTED_QUERY_NOT_IN_LIST'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'RATE_LIMITED'
  | 'SERVICE_UNAVAILABLE'
  | 'SUBGRAPH_ERROR'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'UNAUTHENTICATED'
  | 'UNAUTHORIZED_FIELD_OR_TYPE';

/** The narrower reason inside a code: `extensions.reason` of an error. */
export type ErrorReason =
  | 'ACCOUNT_DISABLED'
  | 'ACCOUNT_REQUIRED'
  | 'ALIASES'
  | 'ANSWER_UNFIT'
  | 'AUTHENTICATOR_NOT_FOUND'
  | 'BODY_SIZE'
  | 'BUSY'
  | 'CEREMONY_EXPIRED'
  | 'CEREMONY_INVALID'
  | 'CODE_EXPIRED'
  | 'CODE_INVALID'
  | 'CODE_USED'
  | 'COST'
  | 'CREDENTIAL_FIELDS'
  | 'DATABASE'
  | 'DEPTH'
  | 'DIRECTIVES'
  | 'DOCUMENT_SIZE'
  /** Who confirms a new address has to be signed in to the account. */
  | 'EMAIL_CHANGE_STARTED_ELSEWHERE'
  | 'EMAIL_NOT_VERIFIED'
  | 'EMAIL_TAKEN'
  | 'EMAIL_UNPROVED_BY_PROVIDER'
  /** Who asks has to have a second factor: add one, and refresh. */
  | 'ENROLMENT_REQUIRED'
  | 'ENTITY_GONE'
  | 'GRAPH_INCOMPLETE'
  | 'GUESTS_OFF'
  | 'IDENTITY_NOT_FOUND'
  | 'IDENTITY_TAKEN'
  | 'INVALID_CREDENTIALS'
  | 'LAST_AUTHENTICATOR'
  /** Somebody has an account with this address: sign in to it otherwise, and link the provider then. */
  | 'LINK_REQUIRED'
  | 'NO_PLAN'
  | 'ONE_TIME_TOKEN_EXPIRED'
  | 'ONE_TIME_TOKEN_INVALID'
  | 'ONE_TIME_TOKEN_USED'
  | 'ONE_TIME_TOKEN_WRONG_PURPOSE'
  | 'ORIGIN_REFUSED'
  | 'PASSKEY_SUSPENDED'
  | 'PASSKEY_UNKNOWN'
  | 'POLICY_DENIED'
  | 'PROVIDER_REFUSED'
  | 'PROVIDER_UNAVAILABLE'
  | 'REFERENCES'
  | 'REFRESH_TOKEN_EXPIRED'
  | 'REFRESH_TOKEN_INVALID'
  | 'REFRESH_TOKEN_REUSED'
  /** A race that another tab won: retry with the newer token. Nothing was revoked. */
  | 'REFRESH_TOKEN_SUPERSEDED'
  | 'REPEATS'
  | 'RESERVED_NAME'
  | 'ROLE_MISSING'
  | 'SCOPE_MISSING'
  /** What was shown is right, and not enough: go on with completeSignIn. See `stepUp`. */
  | 'SECOND_FACTOR_REQUIRED'
  | 'SERVER_NOT_TRUSTED'
  | 'SESSION_NOT_FOUND'
  | 'SESSION_REVOKED'
  | 'SIGN_IN_NOT_OFFERED'
  /** Another browser asked for this mail: ask for its code, and send it along. */
  | 'SIGN_IN_STARTED_ELSEWHERE'
  | 'SIGN_UP_CLOSED'
  | 'STATE_INVALID'
  /** Show once more who you are, with stepUp, and repeat. See `stepUp`. */
  | 'STEP_UP_REQUIRED'
  | 'SUBGRAPH_UNAUTHENTICATED'
  | 'SUBSCRIPTIONS'
  | 'TOKENS'
  /** The only one that should make a client refresh. */
  | 'TOKEN_EXPIRED'
  | 'TOKEN_INVALID'
  | 'TOKEN_MALFORMED'
  | 'TOKEN_MISSING'
  | 'USERNAME_TAKEN'
  | 'USER_NOT_FOUND'
  | 'VARIABLES';

/** A way to show who one is. */
export type FactorMethod =
  | 'PASSKEY'
  | 'PASSWORD'
  /** One of those that were shown once, for a lost device. */
  | 'RECOVERY_CODE'
  /** A code of an app, which is another every 30 seconds. */
  | 'TOTP';

export type SessionEventKind =
  /** Somebody signed in with a kind of device that is new here. */
  | 'NEW_DEVICE'
  /** A session was ended because its token may have been stolen. */
  | 'REUSE_DETECTED'
  /** A session was ended, by whomever. */
  | 'REVOKED'
  /** Refresh: the access token says what is no longer true. */
  | 'ROLES_CHANGED';

/** Whether people make accounts by themselves. */
export type SignUp =
  /** Administrators make them, and invite. */
  | 'CLOSED'
  | 'OPEN';

/** How the refresh token reaches the client. */
export type TokenDelivery =
  /** In the answer. For clients that keep no cookies. */
  | 'BODY'
  /** In an HttpOnly cookie, which no script can read. For browsers. */
  | 'COOKIE';
