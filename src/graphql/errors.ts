import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError } from '../core/domain-error.ts';
import type { AnswerCode } from './error-extensions.type.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The one table: what each code is in HTTP, and how loud it is in the log. */
const table: Readonly<Record<AnswerCode, { readonly status: number; readonly level: LogLevel }>> = {
  UNAUTHENTICATED: { status: 401, level: 'info' },
  FORBIDDEN: { status: 403, level: 'info' },
  BAD_USER_INPUT: { status: 400, level: 'info' },
  CONFLICT: { status: 409, level: 'info' },
  NOT_FOUND: { status: 404, level: 'info' },
  RATE_LIMITED: { status: 429, level: 'warn' },
  OPERATION_LIMIT: { status: 400, level: 'warn' },
  SERVICE_UNAVAILABLE: { status: 503, level: 'error' },
  SUBGRAPH_UNAVAILABLE: { status: 503, level: 'error' },
  SUBGRAPH_ERROR: { status: 502, level: 'warn' },
  UNAUTHORIZED_FIELD_OR_TYPE: { status: 403, level: 'info' },
  INTERNAL_SERVER_ERROR: { status: 500, level: 'error' },
  BAD_REQUEST: { status: 400, level: 'info' },
  GRAPHQL_PARSE_FAILED: { status: 400, level: 'info' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, level: 'info' },
  OPERATION_RESOLUTION_FAILURE: { status: 400, level: 'info' },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 400, level: 'info' },
  PERSISTED_QUERY_NOT_IN_LIST: { status: 403, level: 'warn' },
  METHOD_NOT_ALLOWED: { status: 405, level: 'info' },
};

const mostLocations = 3;
const longestMessage = 300;

/** An error as clients get it: a safe message and extensions of the shape ErrorExtensions. */
export interface Answer extends GraphQLFormattedError {
  readonly extensions: { readonly code: AnswerCode; readonly [name: string]: unknown };
}

export function statusOf(code: AnswerCode): number {
  return table[code].status;
}

export function logLevelOf(code: AnswerCode): LogLevel {
  return table[code].level;
}

/**
 * Turns anything that was thrown into an answer. It can't throw. What is neither a domain error nor
 * one of GraphQL itself is masked: its text may hold SQL, paths or values.
 */
export function toAnswer(formatted: GraphQLFormattedError, error: unknown): Answer {
  const cause = originOf(error);
  const place = {
    ...(formatted.locations ? { locations: formatted.locations.slice(0, mostLocations) } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  };
  if (cause instanceof DomainError) {
    return { message: cause.message, ...place, extensions: domainExtensions(cause) };
  }
  const code = isEndOfMisfits(error) ? 'BAD_USER_INPUT' : formatted.extensions?.code;
  if (!isAnswerCode(code) || code === 'INTERNAL_SERVER_ERROR') {
    return {
      message: 'Something went wrong on our side.',
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
    };
  }
  return {
    message: readable(formatted.message, formatted.extensions),
    ...place,
    extensions: { code, retryable: false },
  };
}

/** GraphQL gives up on variables after 50 complaints, with an error that bears no code. */
function isEndOfMisfits(error: unknown): boolean {
  const text = 'Too many errors processing variables';
  return error instanceof GraphQLError && !error.originalError && error.message.startsWith(text);
}

/**
 * What GraphQL says about a document. A refusal is never larger than the request, so that nobody can
 * have large answers for small questions; and it does not say what the server is made of.
 */
function readable(message: string, extensions: GraphQLFormattedError['extensions']): string {
  if (extensions?.validationErrorCode === 'INTROSPECTION_DISABLED') return 'Introspection is off.';
  const text = withoutValues(message);
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
}

/** The error that a resolver threw, under the one that GraphQL made of it. */
export function originOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? originOf(error.originalError)
    : error;
}

function domainExtensions(error: DomainError): Answer['extensions'] {
  return {
    code: error.code,
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    retryable: error.retryable,
    ...(error.retryAfterSeconds === undefined
      ? {}
      : { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error.fields === undefined ? {} : { fields: error.fields }),
    ...(error.stepUp === undefined ? {} : { stepUp: error.stepUp }),
  };
}

function isAnswerCode(code: unknown): code is AnswerCode {
  return typeof code === 'string' && Object.hasOwn(table, code);
}

/**
 * graphql-js repeats the value that it could not use: a password that stands where a number should
 * would come back in the answer, and with it in the client's error tracker. The value is dropped.
 */
function withoutValues(message: string): string {
  return message
    .replace(/^(Variable "\$\w+") got invalid value .*$/s, '$1 got an invalid value.')
    .replace(
      /^((?:Int|Float|String|Boolean|ID|Enum "\w+") cannot represent [^:]*value): .*$/s,
      '$1.',
    )
    .replace(/^(Expected value of type "[^"]+"), found .*$/s, '$1.')
    .replace(/^Unknown operation named .*$/s, 'The document has no operation of this name.')
    .replace(/^(Argument "\w+" has invalid value) .*$/s, '$1.')
    .replace(/((?:found|Unexpected) (?:String|BlockString|Int|Float)) .*$/s, '$1.');
}
