import type { QueryPlan, RequiresSelection } from '@graphql-hive/router-query-planner';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
} from 'graphql';
import { NoPlan, PlannerCrashed, PlanRefused } from '../errors.ts';
import { type CompiledPlan, type Continuation, compilePlan } from '../execution/compile-plan.ts';
import {
  type CutPart,
  type CutWorld,
  cutOperation,
  type OperationPart,
  partDocument,
  type WhereToCut,
} from './cut-operation.ts';
import { rootFieldOf } from './entity-roots.ts';
import type { Planner } from './planner.ts';

/** Plans a document of one operation. @throws NoPlan, ServiceUnavailable */
export type PlanOperation = (document: DocumentNode, percentage: number) => Promise<CompiledPlan>;

/** How many parts of one operation are tried, and how many may crash the planner. */
const most = { parts: 40, crashes: 8 };
/** How many operations that have no plan are remembered. */
const keptRefusals = 1_000;

/** What is left to try for one operation. */
interface Attempt {
  readonly percentage: number;
  parts: number;
  crashes: number;
}

/**
 * The planner, and what helps where it finds no way: the operation in parts.
 *
 * Attack: a document whose parts crash the planner one after the other, with every request. Few are
 * tried, and a document of which none has a plan is not tried again.
 */
export function createPlanOperation(planner: Planner, world: CutWorld): PlanOperation {
  const refused = new Map<string, NoPlan>();

  return async (document, percentage) => {
    const part = wholeOf(document, world);
    if (!part) throw new NoPlan('no operation');
    const key = `${percentage} ${print(document)}`;
    const refusal = refused.get(key);
    if (refusal) throw refusal;
    try {
      return await planPart(part, { percentage, ...most });
    } catch (error) {
      if (error instanceof NoPlan) {
        refused.set(key, error);
        const [oldest] = refused.keys();
        if (refused.size > keptRefusals && oldest !== undefined) refused.delete(oldest);
      }
      throw error;
    }
  };

  async function planPart(part: OperationPart, attempt: Attempt): Promise<CompiledPlan> {
    if (attempt.parts === 0) throw new NoPlan('no plan in as many parts as are tried');
    attempt.parts -= 1;
    try {
      const { percentage } = attempt;
      const text = print(partDocument(part));
      return compilePlan(await planner.plan(text, percentage, part.isOfEntities), world.schema);
    } catch (error) {
      if (error instanceof PlannerCrashed) attempt.crashes -= 1;
      if (attempt.crashes < 0) throw new NoPlan(error);
      for (const where of waysToCut(error)) {
        const cut = cutOperation(part, world, where);
        const planned = cut && (await planCut(cut, attempt));
        if (planned) return planned;
      }
      throw error;
    }
  }

  async function planCut(
    { outer, cuts }: NonNullable<ReturnType<typeof cutOperation>>,
    attempt: Attempt,
  ): Promise<CompiledPlan | undefined> {
    try {
      const { rounds, ...plan } = await planPart(outer, attempt);
      const next: Continuation[] = [];
      for (const cut of cuts) {
        const inner = cut.from
          ? compilePlan(planFrom(cut, cut.from), world.schema)
          : await planPart(cut, attempt);
        next.push({ path: cut.path, key: rootFieldOf(cut.type.name), plan: inner });
      }
      return { ...plan, rounds: [...rounds, next] };
    } catch (error) {
      if (error instanceof PlanRefused || error instanceof PlannerCrashed) return undefined;
      throw error;
    }
  }
}

function waysToCut(error: unknown): readonly WhereToCut[] {
  if (error instanceof PlanRefused) return ['requires', 'every', 'before requires'];
  return error instanceof PlannerCrashed ? ['before requires'] : [];
}

/** The plan that asks one subgraph for fields of entities, in the planner's form. */
function planFrom(
  { type, operation, selectionSet }: CutPart,
  { subgraph, given }: NonNullable<CutPart['from']>,
): QueryPlan {
  const used = new Set([...print(selectionSet).matchAll(/\$(\w+)/g)].map(([, name = '']) => name));
  const variables = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const declared = ['$representations: [_Any!]!', ...variables.map((each) => print(each))];
  const fields = `... on ${type.name} ${print(selectionSet)}`;
  return {
    kind: 'QueryPlan',
    node: {
      kind: 'Flatten',
      path: [{ Field: rootFieldOf(type.name) }],
      node: {
        kind: 'Fetch',
        serviceName: subgraph,
        operationKind: 'query',
        operation: `query(${declared.join(', ')}) { _entities(representations: $representations) { ${fields} } }`,
        variableUsages: [...used],
        requires: [
          { kind: 'InlineFragment', typeCondition: type.name, selections: requiresOf(given) },
        ],
      },
    },
  };
}

function requiresOf({ selections }: SelectionSetNode): RequiresSelection[] {
  return selections.flatMap((selection): RequiresSelection[] => {
    if (selection.kind === Kind.FIELD) {
      const { name, selectionSet } = selection;
      const inner = selectionSet ? { selections: requiresOf(selectionSet) } : {};
      return [{ kind: 'Field', name: name.value, ...inner }];
    }
    if (selection.kind !== Kind.INLINE_FRAGMENT || !selection.typeCondition) return [];
    const typeCondition = selection.typeCondition.name.value;
    return [
      { kind: 'InlineFragment', typeCondition, selections: requiresOf(selection.selectionSet) },
    ];
  });
}

function wholeOf({ definitions }: DocumentNode, { schema }: CutWorld): OperationPart | undefined {
  const operation = definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  const type = operation && schema.getRootType(operation.operation);
  if (!operation || !type) return undefined;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  return {
    operation,
    fragments,
    type,
    isOfEntities: false,
    selectionSet: operation.selectionSet,
  };
}
