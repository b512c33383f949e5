import {
  GatehouseError,
  type GatehouseErrorCode,
  type GatehouseErrorDetails,
} from './gatehouse-error.ts';

interface AnsweredError {
  readonly message?: string;
  readonly path?: readonly unknown[] | undefined;
  readonly extensions?: GatehouseErrorDetails & { readonly code?: GatehouseErrorCode };
}

/** What the clients throw: each has some of these. */
interface Failure extends AnsweredError {
  readonly name?: string;
  readonly errors?: readonly AnsweredError[];
  readonly graphQLErrors?: readonly AnsweredError[];
  readonly networkError?: unknown;
  readonly cause?: unknown;
}

/**
 * Reads whatever a GraphQL client throws or returns: Apollo's `CombinedGraphQLErrors`, urql's
 * `CombinedError`, the errors of graphql-ws, the body of an answer, or any other error.
 *
 * @returns the error that says most: the first one with a reason, else the first
 */
export function toGatehouseError(failure: unknown): GatehouseError {
  const { networkError, cause, message, name } = (failure ?? {}) as Failure;
  for (const error of [failure, networkError, cause]) {
    if (error instanceof GatehouseError) return error;
  }
  const errors = errorsIn(failure);
  const error = errors.find(({ extensions }) => extensions?.reason) ?? errors[0];
  if (error) {
    const { message = '', extensions = {} } = error;
    return new GatehouseError(extensions.code ?? 'INTERNAL_SERVER_ERROR', message, extensions);
  }
  // `fetch` throws a TypeError where nothing came.
  const retryable = name === 'TypeError' || networkError !== undefined;
  return new GatehouseError('NETWORK', message ?? `${failure}`, { retryable, cause: failure });
}

/** The errors of an answer, under the names that the clients give them. */
export function errorsIn(failure: unknown): readonly AnsweredError[] {
  const { errors, graphQLErrors, extensions } = (failure ?? {}) as Failure;
  const found = errors ?? graphQLErrors ?? (extensions ? [failure] : failure);
  return Array.isArray(found) ? found.map((error) => error ?? {}) : [];
}
