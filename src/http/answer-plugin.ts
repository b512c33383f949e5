import type {
  ApolloServerPlugin,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextWillSendResponse,
  HeaderMap,
} from '@apollo/server';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { StepUpDemand } from '../core/domain-error.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { type Answer, originOf, statusOf, toAnswer } from '../graphql/errors.ts';
import { GraphIncomplete } from '../graphql/graph-incomplete.ts';
import { inputProblems } from '../graphql/input-problems.ts';
import type { NameOperation } from '../graphql/known-operation.ts';
import type { Logger } from '../observability/logger.ts';
import { noteFailure } from './note-failure.ts';

/** Apollo's answer to a mutation by GET. */
const methodNotAllowed = 405;
const mostErrors = 10;

/** What an answer is in HTTP, and what of a failure goes into the log. */
export function answerPlugin(
  log: Logger,
  nameOperation: NameOperation,
  isGraphIncomplete: (schema: GraphQLSchema) => boolean,
): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ contextValue, operation }) {
        if (operation) contextValue.activity.operation = nameOperation(operation);
      },
      async didEncounterErrors(request) {
        for (const error of request.errors) {
          const isMissing = isGraphIncomplete(request.schema) && isInvalid(error);
          logFailure(log, request, isMissing ? new GraphIncomplete() : error);
        }
      },
      async willSendResponse(request) {
        const { body, http } = request.response;
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        const hasData = (body.singleResult.data ?? null) !== null;
        const given = body.singleResult.errors as readonly Answer[];
        const isMissing = isGraphIncomplete(request.schema) && given.some(isInvalid);
        const found = isMissing ? [toAnswer({ message: '' }, new GraphIncomplete())] : given;
        const isRequestError = found.some(isOfGraphQL);
        const errors = (hasData ? found : fewOf(found)).map((error) => complete(error, request));
        body.singleResult.errors = errors;

        const [first] = errors;
        // An operation with data is answered with 200 (GraphQL over HTTP, section 6.4.2).
        if (first && !hasData && http.status !== methodNotAllowed) {
          const isLegacy = isRequestError && wantsPlainJson(request.request.http?.headers);
          http.status = isLegacy ? 200 : statusOf(first.extensions.code);
        }
        const challenge = first && !hasData && challengeOf(first);
        if (challenge) http.headers.set('www-authenticate', challenge);
        const waits = errors.map(({ extensions }) => Number(extensions.retryAfterSeconds ?? 0));
        const wait = Math.max(...waits);
        if (wait > 0) http.headers.set('retry-after', String(wait));
      },
    }),
  };
}

/** A document that does not fit the schema. */
function isInvalid({
  extensions,
}: {
  readonly extensions?: GraphQLFormattedError['extensions'] | undefined;
}): boolean {
  return extensions?.code === 'GRAPHQL_VALIDATION_FAILED';
}

/** Variables that don't fit are one error, with all of their fields. Nobody reads hundreds of others. */
function fewOf(errors: readonly Answer[]): readonly Answer[] {
  const firstMisfit = errors.findIndex(isMisfit);
  return errors
    .filter((error, index) => !isMisfit(error) || index === firstMisfit)
    .slice(0, mostErrors);
}

function isMisfit({ extensions: { code, fields } }: Answer): boolean {
  return code === 'BAD_USER_INPUT' && fields === undefined;
}

/** A document that does not parse or validate, or variables that don't fit: GraphQL's own refusals. */
function isOfGraphQL(error: Answer): boolean {
  const { code } = error.extensions;
  return isMisfit(error) || code === 'GRAPHQL_PARSE_FAILED' || code === 'GRAPHQL_VALIDATION_FAILED';
}

/**
 * A client that asks for `application/json` by name knows of no other type, and by GraphQL over HTTP,
 * section 6.4.1, should find the refusals of GraphQL itself under 200. Who names no type, or the newer
 * one, gets their status.
 */
function wantsPlainJson(headers: HeaderMap | undefined): boolean {
  const accept = headers?.get('accept') ?? '';
  return /application\/json/i.test(accept) && !/application\/graphql-response\+json/i.test(accept);
}

/** The tokens that another one of its kind would have to replace (RFC 6750 section 3.1). */
const badTokens: readonly unknown[] = [
  'TOKEN_MALFORMED',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'SESSION_REVOKED',
];

/** What a 401 has to say of the way to do better (RFC 9110 section 11.6.1). */
function challengeOf({ extensions }: Answer): string | undefined {
  const { code, reason } = extensions;
  if (code !== 'UNAUTHENTICATED') return undefined;
  if (reason === 'STEP_UP_REQUIRED') return stepUpChallenge(extensions.stepUp as StepUpDemand);
  return badTokens.includes(reason) ? 'Bearer error="invalid_token"' : 'Bearer';
}

/** A token that is good, and of too little (RFC 9470 section 3). */
function stepUpChallenge({ acr, maxAge }: StepUpDemand): string {
  return [
    'Bearer error="insufficient_user_authentication"',
    ...(acr === 'aal1' ? [] : [`acr_values="${acr}"`]),
    ...(maxAge === undefined ? [] : [`max_age=${maxAge}`]),
  ].join(', ');
}

/** Adds what only the request knows: the fields of bad variables, the id of an internal failure. */
function complete(
  answer: Answer,
  request: GraphQLRequestContextWillSendResponse<GraphQLContext>,
): Answer {
  const { code } = answer.extensions;
  if (code === 'INTERNAL_SERVER_ERROR') {
    const { requestId } = request.contextValue.activity;
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

/** A refusal is told by the request's own line; what failed for a reason of ours shows its stack. */
function logFailure(
  log: Logger,
  { contextValue: { activity } }: GraphQLRequestContextDidEncounterErrors<GraphQLContext>,
  error: unknown,
): void {
  const answer = toAnswer({ message: '', ...codeOf(error) }, error);
  noteFailure(activity, answer, originOf(error));
  const { code } = answer.extensions;
  if (code !== 'INTERNAL_SERVER_ERROR' && code !== 'SERVICE_UNAVAILABLE') return;
  const { requestId, operation } = activity;
  log.error({ requestId, operation, code, err: originOf(error) }, 'operation.failed');
}

function codeOf(error: unknown): object {
  return typeof error === 'object' && error !== null && 'extensions' in error
    ? { extensions: error.extensions }
    : {};
}
