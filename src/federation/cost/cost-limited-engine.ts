import type { GraphQLSchema } from 'graphql';
import type { GraphEngine, GraphOperation } from '../engine.ts';
import { OperationTooCostly } from '../errors.ts';
import { readCostRules } from './cost-rules.ts';
import { measureCost } from './measure-cost.ts';

/**
 * An engine that runs nothing that asks for too much at once.
 *
 * Attack: lists of lists of lists, in a document of a few words, for which subgraphs and the gateway put
 * together millions of objects.
 *
 * @param listSize what a list counts of whose size nothing is known
 */
export function costLimitedEngine<Context>(
  engine: GraphEngine<Context>,
  schema: GraphQLSchema,
  { cost: most, listSize }: { readonly cost: number; readonly listSize: number },
): GraphEngine<Context> {
  const rules = readCostRules(engine.supergraphSdl);
  const admit = (operation: Omit<GraphOperation<never>, 'context'>) => {
    if (!(measureCost(schema, rules, operation, listSize) <= most)) throw new OperationTooCostly();
  };
  return {
    ...engine,
    async execute(operation) {
      admit(operation);
      return engine.execute(operation);
    },
    async subscribe(operation) {
      admit(operation);
      return engine.subscribe(operation);
    },
  };
}
