import {
  buildASTSchema,
  type ExecutionResult,
  execute,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
} from 'graphql';
import type { ExecuteSubgraph } from '../../../src/federation/engine.ts';
import { federatedSchema } from '../../../src/subgraph/federated-schema.ts';
import { Failing, type Instance, type InventedData } from './invented-data.ts';
import type { InventedGraph } from './invented-graph.ts';

/** What happens in one operation, in its order: mutations count. */
export interface Happening {
  count: number;
}

type Resolve = GraphQLFieldResolver<Instance | undefined, Happening>;

/** One subgraph of an invented graph. It answers wrongly what it has no business to answer. */
export function inventedSubgraph(
  graph: InventedGraph,
  data: InventedData,
  subgraph: string,
  sdl: string,
): ExecuteSubgraph<Happening> {
  const built = buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true });
  const entities = [...graph.types.values()].filter(
    ({ kind, keys }) => kind === 'entity' && (keys[subgraph]?.length ?? 0) > 0,
  );
  const schema = federatedSchema<Happening>(built, {
    entities: Object.fromEntries(
      entities
        .filter(({ name }) => built.getType(name) !== undefined)
        .map(({ name }) => [
          name,
          (told: Record<string, unknown>) => {
            const found = data.find(name, told);
            const isGone = graph.gone.has(`${subgraph} ${name} ${found?.number}`);
            return isGone ? null : found;
          },
        ]),
    ),
  });
  const providedHere = new Set(
    [...graph.types.values()].flatMap(({ fields }) =>
      fields.flatMap(({ owners, type, provides }) =>
        provides && owners.includes(subgraph) ? `${type.name}.${provides}` : [],
      ),
    ),
  );
  const resolve: Resolve = (source, args, context, { parentType, fieldName }) => {
    if (fieldName === 'code') return (source as unknown as Record<string, unknown>).code;
    const type = graph.types.get(parentType.name);
    const field = type?.fields.find(({ name }) => name === fieldName);
    const instance = source ?? { __typename: parentType.name, number: 0 };
    if (type?.kind === 'mutation') return countUp(context, args);
    if (!field) return data.keyValue(instance, fieldName);
    if (!field.owners.includes(subgraph) && !providedHere.has(`${parentType.name}.${fieldName}`)) {
      throw new Error(`${subgraph} was asked for ${parentType.name}.${fieldName}`);
    }
    return field.requires
      ? data.required({ told: {}, ...instance }, field.requires)
      : data.valueOf({ __typename: instance.__typename, number: instance.number }, field, args);
  };
  return async ({ document, variables }, context) =>
    answer(schema, document, variables, context, resolve);
}

/** The same data behind one schema: the public one of the graph. */
export function monolith(graph: InventedGraph, data: InventedData, publicSchema: GraphQLSchema) {
  const resolve: Resolve = (source, args, context, { parentType, fieldName }) => {
    if (fieldName === 'code') return (source as unknown as Record<string, unknown>).code;
    const type = graph.types.get(parentType.name);
    const field = type?.fields.find(({ name }) => name === fieldName);
    const instance = source ?? { __typename: parentType.name, number: 0 };
    if (type?.kind === 'mutation') return countUp(context, args);
    if (!field) return data.keyValue(instance, fieldName);
    const [owner] = field.owners;
    if (graph.gone.has(`${owner} ${instance.__typename} ${instance.number}`)) {
      throw new Failing('gone');
    }
    return field.requires
      ? data.required(instance, field.requires)
      : data.valueOf(instance, field, args);
  };
  return (
    document: Parameters<typeof execute>[0]['document'],
    variables: Readonly<Record<string, unknown>>,
  ) => answer(publicSchema, document, variables, { count: 0 }, resolve);
}

function countUp(context: Happening, { n }: { readonly n?: number | null }): number {
  context.count += 1;
  return context.count * 1_000 + (n ?? 0);
}

async function answer(
  schema: GraphQLSchema,
  document: Parameters<typeof execute>[0]['document'],
  variables: Readonly<Record<string, unknown>> | undefined,
  context: Happening,
  resolve: Resolve,
): Promise<ExecutionResult> {
  const result = await execute({
    schema,
    document,
    variableValues: variables ?? {},
    contextValue: context,
    fieldResolver: resolve as GraphQLFieldResolver<unknown, unknown>,
    typeResolver: (value) => (value as Instance).__typename,
  });
  return JSON.parse(JSON.stringify(result));
}
