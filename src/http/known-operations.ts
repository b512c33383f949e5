import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { RecentMap } from '../core/recent-map.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { toAnswer } from '../graphql/errors.ts';
import { inputProblems } from '../graphql/input-problems.ts';
import type { NameOperation } from '../graphql/known-operation.ts';
import { hasUnstorableText } from '../graphql/unstorable-text.ts';
import { areTooLarge } from '../graphql/variable-limits.ts';
import type { Logger } from '../observability/logger.ts';
import { reportFailure } from './note-failure.ts';
import { settleErrors } from './settle-errors.ts';

/** An operation as a client sends it. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The header `Accept`. */
  readonly accept: string | undefined;
}

export interface KnownAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** At once where nothing had to be waited for. */
export type MaybeKnown = KnownAnswer | undefined | Promise<KnownAnswer | undefined>;

export interface KnownOperation {
  readonly kind: 'query' | 'mutation';
  /** The whole answer, or undefined: then nothing has been done, and Apollo Server is to answer. */
  readonly run: (context: GraphQLContext) => MaybeKnown;
}

export interface KnownOperations {
  /** Undefined as well where its variables are not to be run with: Apollo Server says why. */
  readonly find: (request: OperationRequest) => KnownOperation | undefined;
  /** Learns what Apollo Server has accepted and answered without an error. */
  readonly plugin: ApolloServerPlugin<GraphQLContext>;
}

export interface KnownOperationsOptions {
  readonly schema: GraphQLSchema;
  readonly nameOperation: NameOperation;
  readonly log: Logger;
}

interface Known {
  readonly kind: KnownOperation['kind'];
  readonly name: string;
  readonly run: (request: OperationRequest, context: GraphQLContext) => MaybeKnown;
}

/**
 * Attack: documents that are short and unfold into much, each sent twice: graphql-jit keeps 240 kB of
 * code for one of 900 characters. A deployment has some dozens of operations.
 */
const remembered = { entries: 100, characters: 2_000_000 };
const sighted = { entries: 500, characters: 2_000_000 };
/** A document that comes only once is not worth keeping. */
const sightings = 2;
const noHeaders: ReadonlyMap<string, string> = new Map();

/**
 * Operations that Apollo Server has accepted under all its rules and answered without an error, found
 * by their exact text. Who is asking, limits and the variables are checked as ever.
 *
 * Queries are compiled by graphql-jit; one that does not end well is answered by Apollo Server as if
 * nothing had been tried, for it has changed nothing. Mutations are run by graphql-js, as Apollo Server
 * runs them, and never twice: their errors go through the one table here.
 */
export function createKnownOperations({
  schema,
  nameOperation,
  log,
}: KnownOperationsOptions): KnownOperations {
  const known = new RecentMap<Known>(remembered);
  const seen = new RecentMap<number>(sighted);

  return {
    find(request) {
      const { query, operationName, variables } = request;
      const operation = known.get(keyOf(query, operationName));
      if (!operation || areTooLarge(variables) || hasUnstorableText(variables)) return undefined;
      const { kind } = operation;
      return { kind, run: (context) => answer(operation, request, context) };
    },

    plugin: {
      requestDidStart: async () => ({
        async willSendResponse({ source, document, operation, request, response }) {
          if (!source || !document || !operation || response.body.kind !== 'single') return;
          if (response.body.singleResult.errors || !isWorthwhile(operation, document)) return;
          const operationName = request.operationName ?? null;
          const key = keyOf(source, operationName);
          if (known.get(key) || !isSeenOften(key)) return;
          const run = await runnerOf(document, operation, operationName);
          if (!run) return;
          const kind = operation.operation === 'mutation' ? 'mutation' : 'query';
          known.set(key, { kind, name: nameOperation(operation), run });
        },
      }),
    },
  };

  function isSeenOften(key: string): boolean {
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times >= sightings;
  }

  async function runnerOf(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    operationName: string | null,
  ): Promise<Known['run'] | undefined> {
    if (operation.operation === 'mutation') return mutationRunner(document, operation);
    // Loaded with the first query that needs it: no start waits for it.
    const { compileQuery, isCompiledQuery } = await import('graphql-jit');
    const compiled = compileQuery(schema, document, operationName ?? undefined, {
      disableLeafSerialization: false,
    });
    return isCompiledQuery(compiled) ? queryRunner(compiled) : undefined;
  }

  function queryRunner({ query }: CompiledQuery): Known['run'] {
    const settle = (result: ExecutionResult) => (result.errors ? undefined : good(result));
    return ({ variables }, context) => {
      const result = query({}, context, variables) as ExecutionResult | Promise<ExecutionResult>;
      return result instanceof Promise ? result.then(settle) : settle(result);
    };
  }

  function mutationRunner(
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): Known['run'] {
    return async ({ operationName, variables, accept }, contextValue) => {
      const result = await execute({
        schema,
        document,
        operationName,
        contextValue,
        variableValues: variables,
      });
      const { errors, data } = result;
      if (!errors) return good(result);
      // The variables don't fit: nothing has run yet.
      if (data === undefined) return undefined;
      const { activity } = contextValue;
      for (const error of errors) reportFailure(log, activity, error);
      const settled = settleErrors(errors.map(told), {
        hasData: data !== null,
        accept,
        requestId: activity.requestId,
        misfits: () => inputProblems(schema, operation, variables),
      });
      return {
        status: settled.status ?? 200,
        headers: settled.headers,
        body: `${JSON.stringify({ errors: settled.errors, data })}\n`,
      };
    };
  }
}

function answer(
  { name, run }: Known,
  request: OperationRequest,
  context: GraphQLContext,
): MaybeKnown {
  context.activity.operation = name;
  const note = (found: KnownAnswer | undefined) => {
    if (found) context.activity.wasKnown = true;
    return found;
  };
  const found = run(request, context);
  return found instanceof Promise ? found.then(note) : note(found);
}

function good({ data }: ExecutionResult): KnownAnswer {
  return { status: 200, headers: noHeaders, body: `${JSON.stringify({ data })}\n` };
}

function told(error: GraphQLError) {
  const { code = 'INTERNAL_SERVER_ERROR' } = error.extensions;
  return toAnswer({ ...error.toJSON(), extensions: { ...error.extensions, code } }, error);
}

/** The length stands first, so that no other name and text together make the same key. */
function keyOf(query: string, operationName: string | null): string {
  return operationName === null ? `:${query}` : `${operationName.length}:${operationName}${query}`;
}

/**
 * A mutation whose document holds texts of its own comes once, and what it holds may be a password:
 * its text is not kept.
 */
function isWorthwhile(
  { operation, selectionSet }: OperationDefinitionNode,
  document: DocumentNode,
): boolean {
  if (operation === 'mutation') return !holdsText(document);
  const introspects = selectionSet.selections.some(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
  );
  return operation === 'query' && !introspects;
}

function holdsText(document: DocumentNode): boolean {
  let holds = false;
  visit(document, {
    StringValue() {
      holds = true;
    },
  });
  return holds;
}
