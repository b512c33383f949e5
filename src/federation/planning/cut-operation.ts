import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { selectedFields } from '../completion/selected-fields.ts';
import type { EntityKeys } from '../execution/entity-keys.ts';
import type { FieldRequirement } from '../operation/graph-facts.ts';
import { rootFieldOf } from './entity-roots.ts';

/** What is asked of a root type, or of entities of one type that an earlier part has found. */
export interface OperationPart {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly type: GraphQLObjectType;
  readonly isOfEntities: boolean;
  readonly selectionSet: SelectionSetNode;
}

/** A part that begins at the entities which another part finds at a place. */
export interface CutPart extends OperationPart {
  readonly path: readonly FlattenNodePathSegment[];
  /** Where one subgraph resolves all of it, given this of each entity, which the other part fetches. */
  readonly from?: { readonly subgraph: string; readonly given: SelectionSetNode };
}

export interface CutWorld {
  readonly schema: GraphQLSchema;
  /** By type, what has to be known of its entities. */
  readonly keys: ReadonlyMap<string, SelectionSetNode>;
  readonly entityKeys: EntityKeys;
  /** What fields with `@requires` need, as `Type.field`. */
  readonly requirements: ReadonlyMap<string, FieldRequirement>;
}

/**
 * Where to cut. `requires`: at entities of which a field with `@requires` is asked for, which the
 * planner has no way to when they are found by way of another entity. `every`: at every entity.
 * `before requires`: between what a field needs and the field, so that no plan has a `@requires` in it.
 */
export type WhereToCut = 'requires' | 'every' | 'before requires';

/** How many fields an unfolded operation may have. */
const mostFields = 5_000;

/**
 * Cuts a part at entities: the outer one finds them, the others begin there.
 *
 * @returns undefined when there is nothing to cut
 */
export function cutOperation(
  part: OperationPart,
  { schema, keys, entityKeys, requirements }: CutWorld,
  where: WhereToCut,
): { readonly outer: OperationPart; readonly cuts: readonly CutPart[] } | undefined {
  const cuts: CutPart[] = [];
  let fields = 0;
  const start = part.isOfEntities ? [{ Field: rootFieldOf(part.type.name) }] : [];
  const selectionSet =
    part.isOfEntities && where === 'before requires'
      ? below([part.selectionSet], part.type, start)
      : uncut([part.selectionSet], part.type, start);
  if (cuts.length === 0 || fields > mostFields) return undefined;
  return { outer: { ...part, fragments: new Map(), selectionSet }, cuts };

  function uncut(
    sets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
    path: readonly FlattenNodePathSegment[],
  ): SelectionSetNode {
    const selections: SelectionNode[] = [];
    const asked = selectedFields(sets, type, schema, part);
    fields += asked.size;
    if (fields > mostFields) return { kind: Kind.SELECTION_SET, selections };
    for (const [key, nodes] of asked) selections.push(uncutField(key, nodes, type, path));
    return { kind: Kind.SELECTION_SET, selections };
  }

  function uncutField(
    key: string,
    nodes: readonly [FieldNode, ...FieldNode[]],
    parent: GraphQLObjectType,
    path: readonly FlattenNodePathSegment[],
  ): FieldNode {
    const [first] = nodes;
    const type = getNamedType(parent.getFields()[first.name.value]?.type);
    const sets = nodes.flatMap(({ selectionSet: set }) => set ?? []);
    if (!isCompositeType(type) || sets.length === 0) return first;
    const inner: FlattenNodePathSegment[] = [...path, { Field: key }];
    if (isObjectType(type)) return { ...first, selectionSet: below(sets, type, inner) };
    const selections: SelectionNode[] = [typenameField];
    for (const object of isAbstractType(type) ? schema.getPossibleTypes(type) : []) {
      const own = below(sets, object, [...inner, { TypeCondition: [object.name] }]);
      const typeCondition = { kind: Kind.NAMED_TYPE, name: nameNode(object.name) } as const;
      if (own.selections.length > 0) {
        selections.push({ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet: own });
      }
    }
    return { ...first, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  }

  function below(
    sets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
    path: readonly FlattenNodePathSegment[],
  ): SelectionSetNode {
    const asked = [...selectedFields(sets, type, schema, part).values()].flat();
    if (where === 'before requires') return uncut(beforeRequires(asked, type, path), type, path);
    const key = keys.get(type.name);
    const isCut =
      key &&
      asked.some(({ name }) =>
        where === 'every'
          ? name.value !== '__typename' && !asksFor(key, name.value)
          : requirements.has(`${type.name}.${name.value}`),
      );
    if (!isCut) return uncut(sets, type, path);
    const selectionSet = { kind: Kind.SELECTION_SET, selections: asked } as const;
    cuts.push({ ...part, type, isOfEntities: true, selectionSet, path });
    return { kind: Kind.SELECTION_SET, selections: [typenameField, ...key.selections] };
  }

  /** What is left to ask for when fields with `@requires` are cut off: what they need, instead. */
  function beforeRequires(
    asked: readonly FieldNode[],
    type: GraphQLObjectType,
    path: readonly FlattenNodePathSegment[],
  ): readonly SelectionSetNode[] {
    const left: SelectionNode[] = [];
    const bySubgraph = new Map<string, { fields: FieldNode[]; given: SelectionNode[] }>();
    for (const field of asked) {
      const requirement = requirements.get(`${type.name}.${field.name.value}`);
      const key = requirement && entityKeys(requirement.subgraph, type.name)[0];
      // What is below it might be in other subgraphs; and one name can't stand for two values.
      if (!key || field.selectionSet || hasArguments(requirement.fields)) {
        left.push(field);
        continue;
      }
      const cut = bySubgraph.get(requirement.subgraph) ?? {
        fields: [],
        given: [typenameField, ...key.selections],
      };
      cut.fields.push(field);
      cut.given.push(...requirement.fields.selections);
      bySubgraph.set(requirement.subgraph, cut);
    }
    for (const [subgraph, { fields: cutOff, given }] of bySubgraph) {
      const selectionSet = { kind: Kind.SELECTION_SET, selections: cutOff } as const;
      const from = { subgraph, given: { kind: Kind.SELECTION_SET, selections: given } as const };
      cuts.push({ ...part, type, isOfEntities: true, selectionSet, path, from });
      left.push(...given);
    }
    return [{ kind: Kind.SELECTION_SET, selections: left }];
  }
}

/** A part as the planner takes it. */
export function partDocument({
  operation,
  fragments,
  type,
  isOfEntities,
  selectionSet,
}: OperationPart): DocumentNode {
  const root: FieldNode = {
    kind: Kind.FIELD,
    name: nameNode(rootFieldOf(type.name)),
    selectionSet,
  };
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      isOfEntities
        ? {
            ...operation,
            operation: 'query' as OperationDefinitionNode['operation'],
            selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
          }
        : { ...operation, selectionSet },
      ...fragments.values(),
    ],
  };
}

function asksFor({ selections }: SelectionSetNode, name: string): boolean {
  return selections.some(
    (selection) => selection.kind === Kind.FIELD && selection.name.value === name,
  );
}

function hasArguments({ selections }: SelectionSetNode): boolean {
  return selections.some((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return false;
    if (selection.kind === Kind.FIELD && selection.arguments?.length) return true;
    return selection.selectionSet !== undefined && hasArguments(selection.selectionSet);
  });
}

const typenameField: FieldNode = { kind: Kind.FIELD, name: nameNode('__typename') };

function nameNode(value: string) {
  return { kind: Kind.NAME, value } as const;
}
