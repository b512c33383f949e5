import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { type CompiledSelection, compileSelection } from '../completion/compile-selection.ts';
import type { GraphOperation } from '../engine.ts';
import type { CompiledPlan } from '../execution/compile-plan.ts';
import type { PlanOperation } from '../planning/plan-operation.ts';
import type { Planner } from '../planning/planner.ts';
import { conditionVariables, withoutSkipped } from '../skipped-selections.ts';
import { createClientNames } from './client-names.ts';
import type { GraphFacts } from './graph-facts.ts';
import { type ClientOperation, neutralOperation } from './neutral-operation.ts';

type Variables = Readonly<Record<string, unknown>>;

/** An operation that can run: with everything that depends on its document alone. */
export interface PreparedOperation {
  /** Undefined when there is nothing to fetch. */
  readonly plan: CompiledPlan | undefined;
  readonly selection: CompiledSelection;
  /** The client's values of variables, under the names that the plan has for them. */
  readonly variables: (values: Variables) => Variables;
}

export interface Preparation {
  readonly prepared: PreparedOperation;
  /** The client's variables with defaults, each of its type. */
  readonly values: Variables;
}

export interface OperationWorld {
  readonly schema: GraphQLSchema;
  readonly percentageFor: Planner['percentageFor'];
  readonly planOperation: PlanOperation;
  readonly facts: GraphFacts;
  readonly random: () => number;
}

/** Ways that one document's conditions are kept for. */
const keptVariants = 64;

/**
 * Prepares operations, and keeps what it made for as long as their documents are kept. What `@skip` and
 * `@include` leave is another operation for each of their values: plans know no conditions.
 *
 * @returns the errors of variables that do not fit, or the operation
 * @throws NoPlan, ServiceUnavailable; GraphQLError when the document has no such operation
 */
export function createPrepareOperation(world: OperationWorld) {
  const documents = new WeakMap<DocumentNode, Map<string, Variants>>();

  return async (
    asked: Omit<GraphOperation<never>, 'context'>,
  ): Promise<readonly GraphQLError[] | Preparation> => {
    const { variables } = asked;
    const variants = variantsOf(asked);
    const { coerced, errors } = getVariableValues(
      world.schema,
      variants.operation.variableDefinitions ?? [],
      variables,
    );
    if (errors) return errors;
    const percentage = world.percentageFor(world.random);
    const conditions = variants.conditions.map((name) => (coerced[name] === true ? '1' : '0'));
    const key = `${percentage} ${conditions.join('')}`;
    const known = variants.prepared.get(key) ?? prepareAnew(variants, key, coerced, percentage);
    return { prepared: await known, values: coerced };
  };

  function variantsOf({
    document,
    operationName,
    allowed = document,
  }: Omit<GraphOperation<never>, 'context' | 'variables'>): Variants {
    const named = documents.get(allowed) ?? new Map<string, Variants>();
    documents.set(allowed, named);
    const known = named.get(operationName ?? '');
    if (known) return known;
    const conditions = conditionVariables(document);
    const made: Variants = {
      document,
      allowed,
      operation: operationOf(document, operationName),
      conditions: [...(conditions ?? [])],
      isConditional: conditions !== undefined,
      prepared: new Map(),
    };
    named.set(operationName ?? '', made);
    return made;
  }

  function prepareAnew(
    { document, allowed, operation, isConditional, prepared }: Variants,
    key: string,
    values: Variables,
    percentage: number,
  ): Promise<PreparedOperation> {
    const left = (whole: DocumentNode) =>
      clientOperation(isConditional ? withoutSkipped(whole, values) : whole, operation.name?.value);
    const asked = left(document);
    const made = prepare(asked, allowed === document ? asked : left(allowed), percentage);
    if (prepared.size >= keptVariants) prepared.clear();
    prepared.set(key, made);
    // What could not be planned is known to the planner; what was too busy may be asked again.
    made.catch(() => prepared.delete(key));
    return made;
  }

  async function prepare(
    operation: ClientOperation,
    allowed: ClientOperation,
    percentage: number,
  ): Promise<PreparedOperation> {
    const { schema, facts } = world;
    const names = createClientNames(facts);
    const neutral = neutralOperation(allowed, { schema, facts, names });
    const plan = neutral && (await world.planOperation(neutral, percentage));
    const given = (operation.operation.variableDefinitions ?? []).map(({ variable }) => {
      const name = variable.name.value;
      return [name, names.variableOf(name)] as const;
    });
    return {
      plan,
      selection: compileSelection({ asked: operation, allowed }, schema, names),
      variables(all) {
        const renamed: Record<string, unknown> = {};
        for (const [name, ours] of given) if (Object.hasOwn(all, name)) renamed[ours] = all[name];
        return renamed;
      },
    };
  }
}

interface Variants {
  readonly document: DocumentNode;
  readonly allowed: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The variables that `@skip` and `@include` look at. */
  readonly conditions: readonly string[];
  readonly isConditional: boolean;
  readonly prepared: Map<string, Promise<PreparedOperation>>;
}

function clientOperation(
  document: DocumentNode,
  operationName: string | undefined,
): ClientOperation {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  return { operation: operationOf(document, operationName), fragments };
}

function operationOf(
  document: DocumentNode,
  operationName: string | undefined,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new GraphQLError('The document has no such operation.');
  return operation;
}
