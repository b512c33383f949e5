import { randomInt } from 'node:crypto';
import {
  buildASTSchema,
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute as executeLocally,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  parse,
} from 'graphql';
import { Completion, errorAt } from './completion/completion.ts';
import type { Supergraph } from './compose-supergraph.ts';
import type {
  ExecuteSubgraph,
  GraphEngine,
  GraphOperation,
  SubgraphRequest,
  SubscribeSubgraph,
} from './engine.ts';
import { SubgraphUnavailable } from './errors.ts';
import { readEntityKeys } from './execution/entity-keys.ts';
import { type PlanWorld, requestOf, runPlan } from './execution/run-plan.ts';
import { introspectionOf } from './introspection.ts';
import { mapEvents } from './map-events.ts';
import { readGraphFacts } from './operation/graph-facts.ts';
import { createPrepareOperation, type Preparation } from './operation/prepare-operation.ts';
import { withEntityRoots } from './planning/entity-roots.ts';
import { createPlanOperation } from './planning/plan-operation.ts';
import { createPlanner, type OnPlannerEnded } from './planning/planner.ts';

/**
 * The engine over Hive's planner. Only the plan is its own: names that a client chose never reach it,
 * it is made in another process, and what it fetches is joined and completed here.
 *
 * @param subgraphs what answers, by the name in the supergraph
 * @throws Error with the planner's words for a supergraph that it can't read
 */
export async function createHiveEngine<Context extends object>(
  { supergraphSdl, publicSdl }: Supergraph,
  subgraphs: ReadonlyMap<string, ExecuteSubgraph<Context>>,
  subscriptions: ReadonlyMap<string, SubscribeSubgraph<Context>> = new Map(),
  onPlannerEnded: OnPlannerEnded = () => {},
): Promise<GraphEngine<Context>> {
  const assumeValid = { assumeValid: true, assumeValidSDL: true };
  const schema = buildSchema(publicSdl, assumeValid);
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const fullSchema = buildASTSchema(supergraph, assumeValid);
  const world = planWorld(supergraph, fullSchema);
  const facts = readGraphFacts(supergraph);
  const roots = withEntityRoots(supergraph);
  const planner = await createPlanner(
    { supergraphSdl, withEntityRoots: roots.supergraphSdl },
    onPlannerEnded,
  );
  const prepare = createPrepareOperation({
    schema,
    facts,
    percentageFor: planner.percentageFor,
    planOperation: createPlanOperation(planner, {
      schema: fullSchema,
      keys: roots.keys,
      entityKeys: world.keys,
      requirements: facts.requirements,
    }),
    random: () => randomInt(1_000_000) / 1_000_000,
  });

  const run = async (
    { prepared: { plan, selection, variables }, values }: Preparation,
    ask: (subgraph: string, request: SubgraphRequest) => Promise<ExecutionResult>,
  ): Promise<ExecutionResult> => {
    const fetched = plan
      ? await runPlan(plan, { variables: variables(values), ask }, world)
      : { data: {}, errors: [], gaps: new Map() };
    const known = fetched.errors.map((error) =>
      error.path ? errorAt(error, selection.clientPath(error.path)) : error,
    );
    const completion = new Completion(fetched.gaps, known);
    const data = selection.complete(fetched.data, completion);
    const { errors } = completion;
    return errors.length > 0 ? { errors, data } : { data };
  };

  const askWith = (context: Context) => async (name: string, request: SubgraphRequest) => {
    const subgraph = subgraphs.get(name);
    if (!subgraph) throw new SubgraphUnavailable(`${name}: not configured`);
    return subgraph(request, context);
  };

  return {
    publicSchema: buildSchema(publicSdl, assumeValid),
    supergraphSdl,
    async execute(operation: GraphOperation<Context>) {
      const { document, operationName, variables, context } = operation;
      const isOperation = getOperationAST(document, operationName) !== null;
      if (!isOperation || introspectionOf(document, operationName) === 'all') {
        // It says which operation there is not, too.
        return executeLocally({
          schema,
          document,
          variableValues: variables,
          operationName: operationName ?? null,
        });
      }
      const preparation = await prepare(operation);
      if (!isPrepared(preparation)) return { errors: preparation };
      return run(preparation, askWith(context));
    },
    /** The events of the one subgraph that it listens to are answers, from which the plan goes on. */
    async subscribe({ contextNow, ...operation }) {
      const preparation = await prepare(operation);
      if (!isPrepared(preparation)) return { errors: preparation };
      const { prepared, values } = preparation;
      const source = prepared.plan?.subscription;
      if (!source) return run(preparation, askWith(contextNow()));
      const listen = subscriptions.get(source.subgraph);
      if (!listen) throw new SubgraphUnavailable(`${source.subgraph}: takes no subscriptions`);
      const request = requestOf(source, prepared.variables(values));
      return mapEvents(
        await listen(request, contextNow()),
        async (event) => {
          const ask = askWith(contextNow());
          return run(preparation, async (name, wanted) =>
            wanted.document === source.document ? event : ask(name, wanted),
          );
        },
        (error) => ({ errors: [toGraphQLError(error)] }),
      );
    },
  };
}

function isPrepared(
  preparation: readonly GraphQLError[] | Preparation,
): preparation is Preparation {
  return 'prepared' in preparation;
}

function planWorld(supergraph: DocumentNode, schema: GraphQLSchema): PlanWorld {
  const isObject = (typeName: unknown) => isObjectType(schema.getType(String(typeName)));
  return {
    keys: readEntityKeys(supergraph),
    isObjectType: isObject,
    isOfType: (typeName, types) => types.some((type) => isOfType(schema, String(typeName), type)),
  };
}

function isOfType(schema: GraphQLSchema, typeName: string, wanted: string): boolean {
  if (typeName === wanted) return true;
  const type = schema.getType(typeName);
  const abstract = schema.getType(wanted);
  return (
    isAbstractType(abstract) &&
    (isObjectType(type) || isInterfaceType(type)) &&
    schema.isSubType(abstract, type)
  );
}

function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
