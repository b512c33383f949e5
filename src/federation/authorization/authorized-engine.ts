import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { StepUpRequired } from '../../tokens/errors.ts';
import type { GraphEngine, GraphOperation } from '../engine.ts';
import { UnauthorizedFieldOrType } from '../errors.ts';
import type { Caller } from '../identity/mint-identity.ts';
import { introspectionOf } from '../introspection.ts';
import { mapEvents } from '../map-events.ts';
import { readAccessRules } from './access-rules.ts';
import { createAnalyses } from './analyse-operation.ts';
import { mostRefusals, type Refusal } from './filter-operation.ts';
import { isMet, type Requirement, type RequirementCaller } from './requirement.ts';
import { stepUpFor } from './reserved-policies.ts';

/** Asks policies about a caller. @returns those that said yes; one that fails has not */
export type AskPolicies<Context> = (
  names: readonly string[],
  caller: Caller,
  context: Context,
) => Promise<ReadonlySet<string>>;

export interface AuthorizedEngineOptions<Context> {
  /** `filter` leaves out what the caller may not have; `reject` runs nothing then. */
  readonly mode: 'filter' | 'reject';
  /** The mutations that sign somebody in, and who is told of an operation that does that alone. */
  readonly signIn?: {
    readonly fields: ReadonlySet<string>;
    readonly onOperation: (context: Context) => void;
  };
  /** Who is asking. @throws DomainError when a token was presented and is bad */
  readonly callerOf: (context: Context) => Caller;
  readonly askPolicies: AskPolicies<Context>;
}

/**
 * An engine that enforces `@authenticated`, `@requiresScopes` and `@policy` on what clients send.
 *
 * @throws CompositionFailed for rules that can't be enforced
 */
export function authorizedEngine<Context>(
  engine: GraphEngine<Context>,
  schema: GraphQLSchema,
  { mode, signIn, callerOf, askPolicies }: AuthorizedEngineOptions<Context>,
): GraphEngine<Context> {
  const rules = readAccessRules(engine.supergraphSdl, schema);
  const analyse = createAnalyses(schema, rules, signIn?.fields ?? new Set());

  return {
    ...engine,
    async execute(operation) {
      const { document, operationName, context } = operation;
      if (introspectionOf(document, operationName) === 'all') return engine.execute(operation);
      const judged = await judge(operation, context);
      if (judged === 'as it is') return engine.execute(operation);
      if ('result' in judged) return judged.result;
      const { allowed, errors } = judged;
      return withErrors(await engine.execute({ ...operation, allowed }), errors);
    },

    /** Who may listen is asked at the beginning; a token whose roles are no longer true ends its socket. */
    async subscribe(operation) {
      const judged = await judge(operation, operation.contextNow());
      if (judged === 'as it is') return engine.subscribe(operation);
      if ('result' in judged) return judged.result;
      const { allowed, errors } = judged;
      const results = await engine.subscribe({ ...operation, allowed });
      if (!(Symbol.asyncIterator in results)) return withErrors(results, errors);
      return mapEvents(
        results,
        async (result) => withErrors(result, errors),
        (error) => ({ data: null, errors: [new GraphQLError(String(error))] }),
      );
    },
  };

  /** What may run of an operation for its caller, or the answer when nothing may. */
  async function judge(operation: AskedOperation, context: Context): Promise<Judgement> {
    const analysis = analyse(operation);
    if ('errors' in analysis) return { result: { errors: analysis.errors } };
    const { requirements, signsIn } = analysis;
    if (signsIn) signIn?.onOperation(context);
    // Who signs in is not yet known, and a token of before says nothing of them.
    const caller: Caller =
      signsIn || requirements.length === 0 ? { kind: 'anonymous' } : callerOf(context);
    const met = signsIn ? whoSignsIn : await powersOf(requirements, caller, context);
    const denied = requirements.filter((entry) => !isMet(entry, met));
    if (denied.length === 0) return 'as it is';

    const { document, refusals } = analysis.without(denied);
    const errors = refusals.map((refusal) => toError(refusal, caller, met));
    if (mode === 'reject' || !document) return { result: { data: null, errors } };
    return { allowed: document, errors };
  }

  async function powersOf(
    requirements: readonly Requirement[],
    caller: Caller,
    context: Context,
  ): Promise<RequirementCaller> {
    const names = new Set(
      requirements.flatMap((entry) => (entry.kind === 'policies' ? entry.anyOf.flat() : [])),
    );
    return {
      isAuthenticated: caller.kind === 'user',
      scopes: new Set(caller.kind === 'user' ? caller.scopes : []),
      policies: names.size === 0 ? names : await askPolicies([...names], caller, context),
    };
  }
}

type AskedOperation = Pick<GraphOperation<never>, 'document' | 'operationName' | 'variables'>;

type Judgement =
  | 'as it is'
  | { readonly result: ExecutionResult }
  | { readonly allowed: DocumentNode; readonly errors: readonly GraphQLError[] };

/**
 * What is below `login` is asked for in the name of whoever signs in by it, and nobody comes there
 * without: `@authenticated` is met. Their scopes and policies are unknown when the plan is made, so
 * that nothing that asks for one is in it; an operation of its own, with the new token, gets it.
 *
 * Attack: a token of somebody with many scopes, sent along with the log-in of another.
 */
const whoSignsIn: RequirementCaller = {
  isAuthenticated: true,
  scopes: new Set(),
  policies: new Set(),
};

function withErrors(
  { data, errors = [] }: ExecutionResult,
  refusals: readonly GraphQLError[],
): ExecutionResult {
  return { data: data ?? null, errors: [...errors, ...refusals].slice(0, mostRefusals) };
}

function toError(
  { path, requirement }: Refusal,
  caller: Caller,
  met: RequirementCaller,
): GraphQLError {
  const stepUp = stepUpFor(requirement, caller, met);
  const originalError = stepUp
    ? new StepUpRequired(stepUp)
    : new UnauthorizedFieldOrType(
        caller.kind === 'anonymous'
          ? 'TOKEN_MISSING'
          : requirement.kind === 'policies'
            ? 'POLICY_DENIED'
            : 'SCOPE_MISSING',
      );
  return new GraphQLError(originalError.message, { path, originalError });
}
