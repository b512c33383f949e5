import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { GraphQLContext } from '../graphql/context.ts';
import type { NameOperation } from '../graphql/known-operation.ts';
import { hasUnstorableText } from '../graphql/unstorable-text.ts';
import { areTooLarge } from '../graphql/variable-limits.ts';

/** An operation as a client sends it. */
export interface ShortPathRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface ShortPath {
  /**
   * The whole body of the answer, or undefined: then the long way has to be taken. Nothing but
   * queries runs here, so that running one twice harms nobody.
   */
  readonly answer: (
    request: ShortPathRequest,
    context: GraphQLContext,
  ) => Promise<string | undefined>;
  /** Learns what Apollo Server has accepted and answered without an error. */
  readonly plugin: ApolloServerPlugin<GraphQLContext>;
}

interface CompiledOperation {
  readonly run: CompiledQuery['query'];
  readonly name: string;
}

const remembered = { operations: 500, characters: 2_000_000 };
/** A document that comes only once is not worth compiling. */
const sightings = 2;

/**
 * Queries that Apollo Server has accepted under all its rules, compiled by graphql-jit and found by
 * their exact text. Who is asking, limits and the variables are checked as ever; whatever does not
 * end well is answered by Apollo Server as if nothing had been tried.
 */
export function createShortPath(schema: GraphQLSchema, nameOperation: NameOperation): ShortPath {
  const compiled = new Map<string, CompiledOperation>();
  const seen = new Map<string, number>();
  let characters = 0;

  return {
    async answer({ query, operationName, variables }, context) {
      const known = compiled.get(keyOf(query, operationName));
      if (!known || areTooLarge(variables) || hasUnstorableText(variables)) return undefined;
      const result = (await known.run({}, context, variables)) as ExecutionResult;
      if (result.errors) return undefined;
      context.activity.operation = known.name;
      context.activity.tookShortPath = true;
      return `${JSON.stringify({ data: result.data })}\n`;
    },

    plugin: {
      requestDidStart: async () => ({
        async willSendResponse({ source, document, operation, request, response }) {
          if (!source || !document || !operation || response.body.kind !== 'single') return;
          if (response.body.singleResult.errors || !isWorthwhile(operation)) return;
          await learn(source, request.operationName ?? null, document, nameOperation(operation));
        },
      }),
    },
  };

  async function learn(
    source: string,
    operationName: string | null,
    document: DocumentNode,
    name: string,
  ): Promise<void> {
    const key = keyOf(source, operationName);
    if (compiled.has(key) || !isSeenOften(key)) return;
    // Loaded with the first query that needs it: no start waits for it.
    const { compileQuery, isCompiledQuery } = await import('graphql-jit');
    const query = compileQuery(schema, document, operationName ?? undefined, {
      disableLeafSerialization: false,
    });
    if (!isCompiledQuery(query)) return;
    if (compiled.size >= remembered.operations || characters >= remembered.characters) {
      compiled.clear();
      characters = 0;
    }
    compiled.set(key, { run: query.query, name });
    characters += key.length;
  }

  function isSeenOften(key: string): boolean {
    if (seen.size >= remembered.operations) seen.clear();
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times >= sightings;
  }
}

/** The length stands first, so that no other name and text together make the same key. */
function keyOf(query: string, operationName: string | null): string {
  return operationName === null ? `:${query}` : `${operationName.length}:${operationName}${query}`;
}

function isWorthwhile({ operation, selectionSet }: OperationDefinitionNode): boolean {
  const introspects = selectionSet.selections.some(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
  );
  return operation === 'query' && !introspects;
}
