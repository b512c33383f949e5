import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import { DomainError } from '../core/domain-error.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { type Answer, logLevelOf, originOf, statusOf, toAnswer } from '../graphql/errors.ts';
import { inputProblems } from '../graphql/input-problems.ts';
import type { Logger } from '../observability/logger.ts';

/** What an answer is in HTTP, and what of a failure goes into the log. */
export function answerPlugin(log: Logger): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      async didEncounterErrors(request) {
        for (const error of request.errors) logFailure(log, request, error);
      },
      async willSendResponse(request) {
        const { body, http } = request.response;
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        const errors = body.singleResult.errors.map((error) => complete(error as Answer, request));
        body.singleResult.errors = errors;

        const [first] = errors;
        // An operation with data is answered with 200 (GraphQL over HTTP, section 6.4.2).
        if (first && (body.singleResult.data ?? null) === null) {
          http.status = statusOf(first.extensions.code);
        }
        const waits = errors.map(({ extensions }) => Number(extensions.retryAfterSeconds ?? 0));
        const wait = Math.max(...waits);
        if (wait > 0) http.headers.set('retry-after', String(wait));
      },
    }),
  };
}

/** Adds what only the request knows: the fields of bad variables, the id of an internal failure. */
function complete(
  answer: Answer,
  request: GraphQLRequestContextWillSendResponse<GraphQLContext>,
): Answer {
  const { code } = answer.extensions;
  if (code === 'INTERNAL_SERVER_ERROR') {
    const { requestId } = request.contextValue;
    return { ...answer, extensions: { ...answer.extensions, requestId } };
  }
  if (code === 'BAD_USER_INPUT' && !answer.extensions.fields && request.operation) {
    const fields = inputProblems(
      request.schema,
      request.operation,
      request.request.variables ?? {},
    );
    return { ...answer, extensions: { ...answer.extensions, fields } };
  }
  return answer;
}

function logFailure(
  log: Logger,
  request: GraphQLRequestContextDidEncounterErrors<GraphQLContext>,
  error: unknown,
): void {
  const { code, reason } = toAnswer({ message: '', ...codeOf(error) }, error).extensions;
  const origin = originOf(error);
  const isInternal = code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE';
  log[logLevelOf(code)](
    {
      ...about(request),
      code,
      reason,
      detail: origin instanceof DomainError ? origin.detail : undefined,
      // Everybody else's errors hold what a stranger typed; only our own failures show their stack.
      err: isInternal ? causeOf(origin) : undefined,
    },
    'operation.failed',
  );
}

function about(request: GraphQLRequestContext<GraphQLContext>): object {
  return { requestId: request.contextValue.requestId, operation: request.operationName };
}

function codeOf(error: unknown): object {
  return typeof error === 'object' && error !== null && 'extensions' in error
    ? { extensions: error.extensions }
    : {};
}

function causeOf(origin: unknown): unknown {
  return origin instanceof DomainError ? origin.cause : origin;
}
