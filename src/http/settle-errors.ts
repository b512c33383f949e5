import type { StepUpDemand } from '../core/domain-error.ts';
import { type Answer, statusOf } from '../graphql/errors.ts';

const mostErrors = 10;

export interface SettledErrors {
  readonly errors: readonly Answer[];
  /** Undefined where there is data beside the errors: that is answered with 200 (GraphQL over HTTP, section 6.4.2). */
  readonly status: number | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

export interface ErrorSituation {
  readonly hasData: boolean;
  /** The header `Accept`. */
  readonly accept: string | undefined;
  readonly requestId: string;
  /** The fields of variables that don't fit. */
  readonly misfits: () => unknown;
}

/** What the errors of an answer are in HTTP, however it came about. */
export function settleErrors(
  found: readonly Answer[],
  { hasData, accept, requestId, misfits }: ErrorSituation,
): SettledErrors {
  const errors = (hasData ? found : fewOf(found)).map((error) => complete(error));
  const headers = new Map<string, string>();
  const [first] = errors;
  const challenge = first && !hasData && challengeOf(first);
  if (challenge) headers.set('www-authenticate', challenge);
  const waits = errors.map(({ extensions }) => Number(extensions.retryAfterSeconds ?? 0));
  const wait = Math.max(...waits);
  if (wait > 0) headers.set('retry-after', String(wait));
  if (!first || hasData) return { errors, status: undefined, headers };
  const isLegacy = found.some(isOfGraphQL) && wantsPlainJson(accept ?? '');
  return { errors, status: isLegacy ? 200 : statusOf(first.extensions.code), headers };

  /** Adds what only the request knows: the fields of bad variables, the id of an internal failure. */
  function complete(answer: Answer): Answer {
    const { code } = answer.extensions;
    if (code === 'INTERNAL_SERVER_ERROR') {
      return { ...answer, extensions: { ...answer.extensions, requestId } };
    }
    if (code === 'BAD_USER_INPUT' && !answer.extensions.fields) {
      const fields = misfits();
      return fields === undefined
        ? answer
        : { ...answer, extensions: { ...answer.extensions, fields } };
    }
    return answer;
  }
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
function wantsPlainJson(accept: string): boolean {
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
