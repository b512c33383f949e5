import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { GraphOperation } from '../engine.ts';
import type { CostRules } from './cost-rules.ts';

/** Arguments that say how many entries a list has, where its schema does not say which do. */
const usualSizes = ['first', 'last', 'limit', 'take', 'pageSize'];
/** What a mutation costs before it returns anything, as in Apollo's demand control. */
const mutationCost = 10;

type Values = Readonly<Record<string, unknown>>;

/** The sizes of the lists that the fields of an object are, where the object's own field knows them. */
type SizeOfField = (field: string) => number | undefined;

/**
 * What an operation may cost with these variables (IBM's GraphQL cost directives, and Apollo's defaults): an
 * object counts one, a scalar nothing, an entry of a list each time; `@cost` says otherwise.
 *
 * @param listSize what a list counts of whose size nothing is known
 */
export function measureCost(
  schema: GraphQLSchema,
  { weightOf, listSizeOf }: CostRules,
  {
    document,
    operationName,
    variables,
  }: Pick<GraphOperation<never>, 'document' | 'operationName' | 'variables'>,
  listSize: number,
): number {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return 0;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const values: Record<string, unknown> = {};
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const given = variables[variable.name.value];
    values[variable.name.value] =
      given === undefined && defaultValue ? valueFromASTUntyped(defaultValue) : given;
  }
  const base = operation.operation === 'mutation' ? mutationCost : 0;
  return base + ofSet(operation.selectionSet, root, () => undefined);

  function ofSet(
    { selections }: SelectionSetNode,
    parent: GraphQLCompositeType,
    sizeOfField: SizeOfField,
  ): number {
    let total = 0;
    for (const selection of selections) total += ofSelection(selection, parent, sizeOfField);
    return total;
  }

  function ofSelection(
    selection: SelectionNode,
    parent: GraphQLCompositeType,
    sizeOfField: SizeOfField,
  ): number {
    if (isLeftOut(selection, values)) return 0;
    if (selection.kind === Kind.FIELD) return ofField(selection, parent, sizeOfField);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const condition = fragment?.typeCondition?.name.value;
    const type = condition === undefined ? parent : schema.getType(condition);
    if (!fragment || !isCompositeType(type)) return 0;
    return ofSet(fragment.selectionSet, type, sizeOfField);
  }

  function ofField(
    node: FieldNode,
    parent: GraphQLCompositeType,
    sizeOfField: SizeOfField,
  ): number {
    const name = node.name.value;
    const field =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!field) return 0;
    const coordinate = `${parent.name}.${name}`;
    const result = getNamedType(field.type);
    const isComposite = isCompositeType(result);
    const own = weightOf(coordinate) ?? weightOf(result.name) ?? Number(isComposite);
    const given = argumentsOf(node);
    const rule = listSizeOf(coordinate);
    const sliced = slicedSize(rule?.slicingArguments ?? usualSizes, given) ?? rule?.assumedSize;
    const isList = isAnyList(field.type);
    const isSized = (inner: string) =>
      rule && rule.sizedFields.length > 0 ? rule.sizedFields.includes(inner) : !isList;
    const inner =
      node.selectionSet && isComposite
        ? ofSet(node.selectionSet, result, (entry) => (isSized(entry) ? sliced : undefined))
        : 0;
    const ofEntries = rule && rule.sizedFields.length > 0 ? undefined : sliced;
    const size = isList ? (sizeOfField(name) ?? ofEntries ?? listSize) : 1;
    return ofArguments(coordinate, field, given) + size * (own + inner);
  }

  function argumentsOf({ arguments: nodes = [] }: FieldNode): Values {
    return Object.fromEntries(
      nodes.map(({ name, value }) => [name.value, valueFromASTUntyped(value, values)]),
    );
  }

  function ofArguments(
    coordinate: string,
    { args }: GraphQLField<unknown, unknown>,
    given: Values,
  ): number {
    let total = 0;
    for (const { name, type } of args) {
      if (given[name] === undefined) continue;
      total += (weightOf(`${coordinate}(${name}:)`) ?? 0) + ofInput(type, given[name]);
    }
    return total;
  }

  function ofInput(type: GraphQLInputType, value: unknown): number {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return 0;
    if (Array.isArray(value)) return value.reduce((sum, entry) => sum + ofInput(named, entry), 0);
    const fields = named.getFields();
    let total = 0;
    for (const [name, inner] of Object.entries(value)) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field) total += (weightOf(`${named.name}.${name}`) ?? 0) + ofInput(field.type, inner);
    }
    return total;
  }
}

/** The largest of the sizes that arguments give; undefined where none does. */
function slicedSize(slicing: readonly string[], given: Values): number | undefined {
  const sizes = slicing.flatMap((path) => {
    let value: unknown = given;
    for (const part of path.split('.')) {
      value = typeof value === 'object' && value !== null ? (value as Values)[part] : undefined;
    }
    const size = typeof value === 'number' ? value : Number.NaN;
    return Number.isNaN(size) ? [] : [Math.max(0, size)];
  });
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

function isLeftOut({ directives = [] }: SelectionNode, values: Values): boolean {
  return directives.some(({ name, arguments: given = [] }) => {
    if (name.value !== 'skip' && name.value !== 'include') return false;
    const condition = given.find((argument) => argument.name.value === 'if')?.value;
    const holds = condition && valueFromASTUntyped(condition, { ...values });
    return name.value === 'skip' ? holds === true : holds === false;
  });
}

function isAnyList(type: GraphQLOutputType): boolean {
  return isNonNullType(type) ? isAnyList(type.ofType) : isListType(type);
}
