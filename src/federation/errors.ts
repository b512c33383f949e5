import { DomainError, type ErrorCode } from '../core/domain-error.ts';
import { StartError } from '../core/start-error.ts';

/** A subgraph that can't be reached, or answers with what is no answer. Its fields are null. */
export class SubgraphUnavailable extends DomainError {
  /** @param detail for the log only: which subgraph, and what it did */
  constructor(detail: string, cause?: unknown) {
    super('SUBGRAPH_UNAVAILABLE', 'A part of the graph is not available. Try again shortly.', {
      retryable: true,
      retryAfterSeconds: 1,
      detail,
      cause,
    });
  }
}

/** What a subgraph may say of its own failure; any other code becomes SUBGRAPH_ERROR. */
const understood: ReadonlySet<string> = new Set([
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'CONFLICT',
  'NOT_FOUND',
  'RATE_LIMITED',
] satisfies ErrorCode[]);

/**
 * A field that a subgraph refused or failed to answer.
 *
 * Attacks: an upstream's error texts hold SQL, hosts and values. A stranger gets the code, and the
 * text only where the configuration lets that subgraph's errors pass. And a subgraph that says
 * UNAUTHENTICATED signs people out, for clients take that for the end of their session: of whom we
 * know it is a failure of the subgraph, and a stranger is told that they may not.
 */
export class SubgraphFailed extends DomainError {
  constructor(
    upstream: UpstreamError,
    given: {
      readonly subgraph: string;
      readonly passErrors: boolean;
      readonly isCallerKnown: boolean;
    },
  ) {
    const { code } = upstream.extensions ?? {};
    const said = typeof code === 'string' && /^[A-Z_]{1,60}$/.test(code) ? code : 'another code';
    const isUnauthenticated = code === 'UNAUTHENTICATED';
    super(
      codeFor(code, given.isCallerKnown),
      given.passErrors ? upstream.message : 'A subgraph could not answer this.',
      {
        detail: `${given.subgraph}: ${said}`,
        ...(isUnauthenticated && given.isCallerKnown ? { reason: 'SUBGRAPH_UNAUTHENTICATED' } : {}),
      },
    );
  }
}

function codeFor(code: unknown, isCallerKnown: boolean): ErrorCode {
  if (code === 'UNAUTHENTICATED' && !isCallerKnown) return 'FORBIDDEN';
  return typeof code === 'string' && understood.has(code) ? (code as ErrorCode) : 'SUBGRAPH_ERROR';
}

/** More than one operation may ask for. Nothing was sent to a subgraph. */
export class OperationTooCostly extends DomainError {
  constructor() {
    super('OPERATION_LIMIT', 'The operation asks for too much at once.', { reason: 'COST' });
  }
}

/** More entities than one request to a subgraph can name. Nothing was sent. */
export class TooManyReferences extends DomainError {
  constructor(subgraph: string) {
    super('OPERATION_LIMIT', 'The operation refers to too many objects at once.', {
      reason: 'REFERENCES',
      detail: subgraph,
    });
  }
}

/**
 * An operation that is valid and that no way through the subgraphs serves: the supergraph was composed
 * wrongly, or not by composing.
 */
export class NoPlan extends DomainError {
  constructor(cause: unknown) {
    super('SUBGRAPH_ERROR', 'No way through the subgraphs answers this.', {
      reason: 'NO_PLAN',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

/** The planner found no way; it did not break on the operation. */
export class PlanRefused extends NoPlan {}

/** The planner broke on the operation. */
export class PlannerCrashed extends NoPlan {}

/** A field that may not be null, and is: what a subgraph referred to is gone. */
export class NothingThere extends DomainError {
  constructor() {
    super('SUBGRAPH_ERROR', 'What a subgraph referred to is gone.', { reason: 'ENTITY_GONE' });
  }
}

/** What a subgraph answered is not what the graph says of the field. */
export class UnfitAnswer extends DomainError {
  constructor(detail: 'not there' | 'of another type') {
    super('SUBGRAPH_ERROR', 'A subgraph answered what the schema does not allow.', {
      reason: 'ANSWER_UNFIT',
      detail,
    });
  }
}

export interface UpstreamError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** A field or a type that its rules keep from the caller: null, under the code of Apollo Router. */
export class UnauthorizedFieldOrType extends DomainError {
  constructor(reason: 'TOKEN_MISSING' | 'SCOPE_MISSING' | 'POLICY_DENIED') {
    super('UNAUTHORIZED_FIELD_OR_TYPE', 'Unauthorized field or type', { reason });
  }
}

/** The subgraphs don't make one graph. `problems` has a line a problem. */
export class CompositionFailed extends StartError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The subgraphs do not compose:', ...problems.map((line) => `  - ${line}`)].join('\n'));
    this.name = 'CompositionFailed';
    this.problems = problems;
  }
}

/** The router sent what no version of its protocol has, or left out what the stage needs. */
export class CoprocessorMisused extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'CoprocessorMisused';
  }
}
