import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import type { GraphEngine, GraphOperation } from '../engine.ts';
import { UnauthorizedFieldOrType } from '../errors.ts';
import type { Caller } from '../identity/mint-identity.ts';
import { introspectionOf } from '../introspection.ts';
import { mapEvents } from '../map-events.ts';
import { type AccessRules, readAccessRules } from './access-rules.ts';
import { completeResult } from './complete-result.ts';
import {
  type FilteredOperation,
  filterOperation,
  type Refusal,
  requirementsOf,
} from './filter-operation.ts';
import { isMet, keyOf, type Requirement, type RequirementCaller } from './requirement.ts';

/** Asks policies about a caller. @returns those that said yes; one that fails has not */
export type AskPolicies<Context> = (
  names: readonly string[],
  caller: Caller,
  context: Context,
) => Promise<ReadonlySet<string>>;

export interface AuthorizedEngineOptions<Context> {
  /** `filter` leaves out what the caller may not have; `reject` runs nothing then. */
  readonly mode: 'filter' | 'reject';
  /** Who is asking. @throws DomainError when a token was presented and is bad */
  readonly callerOf: (context: Context) => Caller;
  readonly askPolicies: AskPolicies<Context>;
}

/** Filtered documents are kept, so that their plans are: a few for each document. */
const remembered = 32;

/**
 * An engine that enforces `@authenticated`, `@requiresScopes` and `@policy` on what clients send.
 *
 * @throws CompositionFailed for rules that can't be enforced
 */
export function authorizedEngine<Context>(
  engine: GraphEngine<Context>,
  completionSchema: GraphQLSchema,
  { mode, callerOf, askPolicies }: AuthorizedEngineOptions<Context>,
): GraphEngine<Context> {
  const rules = readAccessRules(engine.supergraphSdl, completionSchema);
  const analyses = new WeakMap<DocumentNode, Map<string, Analysis>>();

  return {
    ...engine,
    async execute(operation) {
      const { document, operationName, context } = operation;
      if (introspectionOf(document, operationName) === 'all') return engine.execute(operation);
      const analysis = analyse(operation);
      if (analysis.requirements.length === 0) return engine.execute(operation);

      const caller = callerOf(context);
      const judged = await judge(analysis.requirements, caller, context);
      const denied = analysis.requirements.filter((entry) => !isMet(entry, judged));
      if (denied.length === 0) return engine.execute(operation);

      const filtered = analysis.without(denied);
      const errors = filtered.refusals.map((refusal) => toError(refusal, caller));
      if (mode === 'reject' || !filtered.document) return { data: null, errors };
      const result = await engine.execute({ ...operation, document: filtered.document });
      return completed(result, operation, errors);
    },

    /** Who may listen is asked at the beginning; a token whose roles are no longer true ends its socket. */
    async subscribe(operation) {
      const { contextNow } = operation;
      const analysis = analyse(operation);
      if (analysis.requirements.length === 0) return engine.subscribe(operation);
      const context = contextNow();
      const caller = callerOf(context);
      const judged = await judge(analysis.requirements, caller, context);
      const denied = analysis.requirements.filter((entry) => !isMet(entry, judged));
      if (denied.length === 0) return engine.subscribe(operation);

      const filtered = analysis.without(denied);
      const errors = filtered.refusals.map((refusal) => toError(refusal, caller));
      if (mode === 'reject' || !filtered.document) return { data: null, errors };
      const results = await engine.subscribe({ ...operation, document: filtered.document });
      if (!(Symbol.asyncIterator in results)) return completed(results, operation, errors);
      return mapEvents(
        results,
        (result) => completed(result, operation, errors),
        (error) => ({ data: null, errors: [new GraphQLError(String(error))] }),
      );
    },
  };

  async function completed(
    result: ExecutionResult,
    operation: Pick<GraphOperation<Context>, 'document' | 'operationName' | 'variables'>,
    errors: readonly GraphQLError[],
  ): Promise<ExecutionResult> {
    const data = result.data && (await completeResult(completionSchema, operation, result.data));
    return { ...result, data: data ?? null, errors: [...(result.errors ?? []), ...errors] };
  }

  function analyse({
    document,
    operationName,
  }: Pick<GraphOperation<Context>, 'document' | 'operationName'>): Analysis {
    const known = analyses.get(document) ?? new Map<string, Analysis>();
    analyses.set(document, known);
    const name = operationName ?? '';
    const found = known.get(name);
    if (found) return found;
    const made = createAnalysis(document, operationName, completionSchema, rules);
    known.set(name, made);
    return made;
  }

  async function judge(
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

interface Analysis {
  readonly requirements: readonly Requirement[];
  readonly without: (denied: readonly Requirement[]) => FilteredOperation;
}

function createAnalysis(
  document: DocumentNode,
  operationName: string | undefined,
  schema: GraphQLSchema,
  rules: AccessRules,
): Analysis {
  const known = new Map<string, FilteredOperation>();
  return {
    requirements: requirementsOf(document, operationName, schema, rules),
    without(denied) {
      const keys = new Set(denied.map(keyOf));
      const key = [...keys].sort().join();
      const found = known.get(key);
      if (found) return found;
      const isAllowed = (requirement: Requirement) => !keys.has(keyOf(requirement));
      const made = filterOperation(document, operationName, schema, rules, isAllowed);
      if (known.size >= remembered) known.clear();
      known.set(key, made);
      return made;
    },
  };
}

function toError({ path, requirement }: Refusal, caller: Caller): GraphQLError {
  const originalError = new UnauthorizedFieldOrType(
    caller.kind === 'anonymous'
      ? 'TOKEN_MISSING'
      : requirement.kind === 'policies'
        ? 'POLICY_DENIED'
        : 'SCOPE_MISSING',
  );
  return new GraphQLError(originalError.message, { path, originalError });
}
