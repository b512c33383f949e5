import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ErrorCode } from '../core/domain-error.ts';
import { FactorMethodEnum } from './factors/factor-method.ts';

const codes = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  CONFLICT: 'CONFLICT',
  NOT_FOUND: 'NOT_FOUND',
  RATE_LIMITED: 'RATE_LIMITED',
  OPERATION_LIMIT: 'OPERATION_LIMIT',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  SUBGRAPH_UNAVAILABLE: 'SUBGRAPH_UNAVAILABLE',
  SUBGRAPH_ERROR: 'SUBGRAPH_ERROR',
  UNAUTHORIZED_FIELD_OR_TYPE: 'UNAUTHORIZED_FIELD_OR_TYPE',
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, ErrorCode>;

/** What the GraphQL layer itself refuses, under the names that Apollo Server gives them. */
const protocolCodes = {
  BAD_REQUEST: 'BAD_REQUEST',
  GRAPHQL_PARSE_FAILED: 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED: 'GRAPHQL_VALIDATION_FAILED',
  OPERATION_RESOLUTION_FAILURE: 'OPERATION_RESOLUTION_FAILURE',
  PERSISTED_QUERY_NOT_SUPPORTED: 'PERSISTED_QUERY_NOT_SUPPORTED',
  PERSISTED_QUERY_NOT_IN_LIST: 'PERSISTED_QUERY_NOT_IN_LIST',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_ALLOWED',
} as const;

export const ErrorCodeEnum = { ...codes, ...protocolCodes };
export type AnswerCode = keyof typeof ErrorCodeEnum;

export const ErrorReasonEnum = {
  TOKEN_MISSING: 'TOKEN_MISSING',
  TOKEN_MALFORMED: 'TOKEN_MALFORMED',
  TOKEN_INVALID: 'TOKEN_INVALID',
  TOKEN_EXPIRED: 'TOKEN_EXPIRED',
  INVALID_CREDENTIALS: 'INVALID_CREDENTIALS',
  SECOND_FACTOR_REQUIRED: 'SECOND_FACTOR_REQUIRED',
  STEP_UP_REQUIRED: 'STEP_UP_REQUIRED',
  ENROLMENT_REQUIRED: 'ENROLMENT_REQUIRED',
  CODE_INVALID: 'CODE_INVALID',
  CODE_USED: 'CODE_USED',
  CODE_EXPIRED: 'CODE_EXPIRED',
  CEREMONY_INVALID: 'CEREMONY_INVALID',
  CEREMONY_EXPIRED: 'CEREMONY_EXPIRED',
  PASSKEY_UNKNOWN: 'PASSKEY_UNKNOWN',
  PASSKEY_SUSPENDED: 'PASSKEY_SUSPENDED',
  AUTHENTICATOR_NOT_FOUND: 'AUTHENTICATOR_NOT_FOUND',
  LAST_AUTHENTICATOR: 'LAST_AUTHENTICATOR',
  PROVIDER_REFUSED: 'PROVIDER_REFUSED',
  PROVIDER_UNAVAILABLE: 'PROVIDER_UNAVAILABLE',
  STATE_INVALID: 'STATE_INVALID',
  LINK_REQUIRED: 'LINK_REQUIRED',
  IDENTITY_TAKEN: 'IDENTITY_TAKEN',
  IDENTITY_NOT_FOUND: 'IDENTITY_NOT_FOUND',
  EMAIL_UNPROVED_BY_PROVIDER: 'EMAIL_UNPROVED_BY_PROVIDER',
  SESSION_REVOKED: 'SESSION_REVOKED',
  SESSION_NOT_FOUND: 'SESSION_NOT_FOUND',
  USER_NOT_FOUND: 'USER_NOT_FOUND',
  REFRESH_TOKEN_INVALID: 'REFRESH_TOKEN_INVALID',
  REFRESH_TOKEN_EXPIRED: 'REFRESH_TOKEN_EXPIRED',
  REFRESH_TOKEN_REUSED: 'REFRESH_TOKEN_REUSED',
  REFRESH_TOKEN_SUPERSEDED: 'REFRESH_TOKEN_SUPERSEDED',
  ONE_TIME_TOKEN_INVALID: 'ONE_TIME_TOKEN_INVALID',
  ONE_TIME_TOKEN_EXPIRED: 'ONE_TIME_TOKEN_EXPIRED',
  ONE_TIME_TOKEN_USED: 'ONE_TIME_TOKEN_USED',
  ONE_TIME_TOKEN_WRONG_PURPOSE: 'ONE_TIME_TOKEN_WRONG_PURPOSE',
  SCOPE_MISSING: 'SCOPE_MISSING',
  ROLE_MISSING: 'ROLE_MISSING',
  POLICY_DENIED: 'POLICY_DENIED',
  ACCOUNT_REQUIRED: 'ACCOUNT_REQUIRED',
  GUESTS_OFF: 'GUESTS_OFF',
  EMAIL_NOT_VERIFIED: 'EMAIL_NOT_VERIFIED',
  ACCOUNT_DISABLED: 'ACCOUNT_DISABLED',
  SIGN_UP_CLOSED: 'SIGN_UP_CLOSED',
  SIGN_IN_NOT_OFFERED: 'SIGN_IN_NOT_OFFERED',
  SIGN_IN_STARTED_ELSEWHERE: 'SIGN_IN_STARTED_ELSEWHERE',
  EMAIL_CHANGE_STARTED_ELSEWHERE: 'EMAIL_CHANGE_STARTED_ELSEWHERE',
  ORIGIN_REFUSED: 'ORIGIN_REFUSED',
  SERVER_NOT_TRUSTED: 'SERVER_NOT_TRUSTED',
  EMAIL_TAKEN: 'EMAIL_TAKEN',
  USERNAME_TAKEN: 'USERNAME_TAKEN',
  BODY_SIZE: 'BODY_SIZE',
  DOCUMENT_SIZE: 'DOCUMENT_SIZE',
  DEPTH: 'DEPTH',
  COST: 'COST',
  REPEATS: 'REPEATS',
  ALIASES: 'ALIASES',
  DIRECTIVES: 'DIRECTIVES',
  TOKENS: 'TOKENS',
  CREDENTIAL_FIELDS: 'CREDENTIAL_FIELDS',
  VARIABLES: 'VARIABLES',
  SUBSCRIPTIONS: 'SUBSCRIPTIONS',
  RESERVED_NAME: 'RESERVED_NAME',
  NO_PLAN: 'NO_PLAN',
  GRAPH_INCOMPLETE: 'GRAPH_INCOMPLETE',
  SUBGRAPH_UNAUTHENTICATED: 'SUBGRAPH_UNAUTHENTICATED',
  REFERENCES: 'REFERENCES',
  ENTITY_GONE: 'ENTITY_GONE',
  ANSWER_UNFIT: 'ANSWER_UNFIT',
  DATABASE: 'DATABASE',
  BUSY: 'BUSY',
} as const;

registerEnumType(ErrorCodeEnum, {
  name: 'ErrorCode',
  description: 'What kind of failure it was: `extensions.code` of an error.',
});
registerEnumType(ErrorReasonEnum, {
  name: 'ErrorReason',
  description: 'The narrower reason inside a code: `extensions.reason` of an error.',
  valuesConfig: {
    TOKEN_EXPIRED: { description: 'The only one that should make a client refresh.' },
    SECOND_FACTOR_REQUIRED: {
      description:
        'What was shown is right, and not enough: go on with completeSignIn. See `stepUp`.',
    },
    STEP_UP_REQUIRED: {
      description: 'Show once more who you are, with stepUp, and repeat. See `stepUp`.',
    },
    ENROLMENT_REQUIRED: {
      description: 'Who asks has to have a second factor: add one, and refresh.',
    },
    LINK_REQUIRED: {
      description:
        'Somebody has an account with this address: sign in to it otherwise, and link the provider then.',
    },
    SIGN_IN_STARTED_ELSEWHERE: {
      description: 'Another browser asked for this mail: ask for its code, and send it along.',
    },
    EMAIL_CHANGE_STARTED_ELSEWHERE: {
      description: 'Who confirms a new address has to be signed in to the account.',
    },
    REFRESH_TOKEN_SUPERSEDED: {
      description: 'A race that another tab won: retry with the newer token. Nothing was revoked.',
    },
  },
});

@ObjectType({ description: 'An input field that was refused.' })
export class FieldError {
  @Field(() => String, { description: 'Where it stands in the input, such as `email`.' })
  path!: string;

  @Field(() => String, { description: 'The rule that it broke, such as `MIN_LENGTH`.' })
  rule!: string;

  @Field(() => String)
  message!: string;
}

@ObjectType({
  description: 'What has to be shown, of SECOND_FACTOR_REQUIRED and STEP_UP_REQUIRED.',
})
export class StepUpDemand {
  @Field(() => [FactorMethodEnum], {
    nullable: true,
    description: 'The ways that the person has; null where `beginStepUp` is to be asked.',
  })
  methods?: readonly (keyof typeof FactorMethodEnum)[];

  @Field(() => String, { description: 'The level that is asked for: `aal1`, `aal2` or `phr`.' })
  acr!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds ago that it may have been shown; null where any age will do.',
  })
  maxAge?: number;

  @Field(() => String, {
    nullable: true,
    description: 'For completeSignIn. Null where it went into a cookie, and for a step-up.',
  })
  challenge?: string;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Until then the sign-in can be completed.',
  })
  expiresAt?: Date;
}

@ObjectType({
  description:
    'The shape of `extensions` of every error. No field returns it; it stands here for code generators.',
})
export class ErrorExtensions {
  @Field(() => ErrorCodeEnum)
  code!: AnswerCode;

  @Field(() => ErrorReasonEnum, { nullable: true })
  reason?: keyof typeof ErrorReasonEnum;

  @Field(() => Boolean, { description: 'The same request may succeed later.' })
  retryable!: boolean;

  @Field(() => Int, { nullable: true })
  retryAfterSeconds?: number;

  @Field(() => [FieldError], { nullable: true })
  fields?: readonly FieldError[];

  @Field(() => StepUpDemand, { nullable: true })
  stepUp?: StepUpDemand;

  @Field(() => String, {
    nullable: true,
    description: 'Of an internal error: quote it to support.',
  })
  requestId?: string;
}
