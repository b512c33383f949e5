import type {
  BatchFetchNode,
  FetchNode,
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
  RequiresSelection,
} from '@graphql-hive/router-query-planner';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { IdentityOperation } from '../../subgraph/identity-token.ts';
import { NoPlan } from '../errors.ts';
import { responseKeyOf } from '../operation/client-names.ts';
import { withTypenames } from './with-typenames.ts';

/** One request to one subgraph. */
export interface Fetch {
  readonly subgraph: string;
  readonly document: DocumentNode;
  readonly operation: IdentityOperation;
  readonly operationName: string | undefined;
  /** The operation's own variables that are sent along. */
  readonly variables: readonly string[];
}

export interface RootFetch extends Fetch {
  readonly kind: 'root';
  /** What it answers, by the names that it has in the answer. */
  readonly keys: ReadonlySet<string>;
  readonly rewrites: readonly Rewrite[];
}

/** Asks a subgraph for more of entities that others named. */
export interface EntityFetch extends Fetch {
  readonly kind: 'entities';
  readonly lists: readonly EntityList[];
}

/** One `_entities` of a request. */
export interface EntityList {
  /** Its name in the answer. */
  readonly key: string;
  readonly variable: string;
  /** Where in what was fetched the entities are. */
  readonly paths: readonly (readonly FlattenNodePathSegment[])[];
  readonly requires: readonly RequiresSelection[];
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
  /** What it adds to an entity. */
  readonly keys: ReadonlySet<string>;
}

export type Step =
  | RootFetch
  | EntityFetch
  | { readonly kind: 'sequence' | 'parallel'; readonly steps: readonly Step[] };

export interface CompiledPlan {
  readonly first: Step;
  /** What a subscription listens to: its events are the answers of this fetch. */
  readonly subscription: RootFetch | undefined;
  /** What goes on from entities that it has found, round after round. */
  readonly rounds: readonly (readonly Continuation[])[];
}

export interface Continuation {
  /** Where the entities are. */
  readonly path: readonly FlattenNodePathSegment[];
  /** The name under which its plan has them. */
  readonly key: string;
  readonly plan: CompiledPlan;
}

/** The way to a value, and what becomes of it there. */
export interface Rewrite {
  readonly path: readonly ({ readonly key: string } | { readonly types: readonly string[] })[];
  readonly rename?: string;
  readonly value?: string;
}

/**
 * @param supergraph with what clients do not see
 * @throws NoPlan for a plan that is empty, or of a kind that is not asked for
 */
export function compilePlan({ node }: QueryPlan, supergraph: GraphQLSchema): CompiledPlan {
  let subscription: RootFetch | undefined;
  if (!node) throw new NoPlan('an empty plan');
  return { first: compile(node), subscription, rounds: [] };

  function compile(part: PlanNode): Step {
    switch (part.kind) {
      case 'Sequence':
        return { kind: 'sequence', steps: part.nodes.map(compile) };
      case 'Parallel':
        return { kind: 'parallel', steps: part.nodes.map(compile) };
      case 'Fetch':
        return rootFetch(part, supergraph);
      case 'Subscription':
        subscription = rootFetch(part.primary, supergraph);
        return subscription;
      case 'Flatten':
        if (part.node.kind !== 'Fetch') throw new NoPlan(`a ${part.node.kind} inside a Flatten`);
        return flattenedFetch(part.node, part.path, supergraph);
      case 'BatchFetch':
        return batchFetch(part, supergraph);
      default:
        throw new NoPlan(`a ${part.kind}`);
    }
  }
}

function rootFetch(node: FetchNode, supergraph: GraphQLSchema): RootFetch {
  const fetch = fetchOf(node, supergraph);
  const rewrites = rewritesOf(node.outputRewrites);
  const [set] = topSets(fetch.document);
  return { ...fetch, kind: 'root', rewrites, keys: renamed(keysOf(set, fetch.document), rewrites) };
}

function flattenedFetch(
  node: FetchNode,
  path: readonly FlattenNodePathSegment[],
  supergraph: GraphQLSchema,
): EntityFetch {
  const fetch = fetchOf(node, supergraph);
  return {
    ...fetch,
    kind: 'entities',
    lists: [
      listOf(fetch.document, {
        key: '_entities',
        variable: 'representations',
        paths: [path],
        requires: node.requires ?? [],
        inputRewrites: rewritesOf(node.inputRewrites),
        outputRewrites: rewritesOf(node.outputRewrites),
      }),
    ],
  };
}

function batchFetch(node: BatchFetchNode, supergraph: GraphQLSchema): EntityFetch {
  const fetch = fetchOf(node, supergraph);
  const lists = node.entityBatch.aliases.map((entry) =>
    listOf(fetch.document, {
      key: entry.alias,
      variable: entry.representationsVariableName,
      paths: entry.paths,
      requires: entry.requires,
      inputRewrites: rewritesOf(entry.inputRewrites),
      outputRewrites: rewritesOf(entry.outputRewrites),
    }),
  );
  return { ...fetch, kind: 'entities', lists };
}

function listOf(document: DocumentNode, list: Omit<EntityList, 'keys'>): EntityList {
  const [set] = topSets(document);
  const field = set?.selections.find(
    (selection) => selection.kind === Kind.FIELD && responseKeyOf(selection) === list.key,
  );
  const inner = field?.kind === Kind.FIELD ? field.selectionSet : undefined;
  return { ...list, keys: renamed(keysOf(inner, document), list.outputRewrites) };
}

function fetchOf(node: FetchNode | BatchFetchNode, supergraph: GraphQLSchema): Fetch {
  return {
    subgraph: node.serviceName,
    document: withTypenames(parse(node.operation, { noLocation: true }), supergraph),
    operation: node.operationKind ?? 'query',
    operationName: node.operationName,
    variables: node.variableUsages ?? [],
  };
}

function topSets({ definitions }: DocumentNode): readonly SelectionSetNode[] {
  return definitions
    .filter(
      (definition): definition is OperationDefinitionNode =>
        definition.kind === Kind.OPERATION_DEFINITION,
    )
    .map(({ selectionSet }) => selectionSet);
}

/** The names of a selection's fields in the answer, whatever type they are asked of. */
function keysOf(set: SelectionSetNode | undefined, document: DocumentNode): ReadonlySet<string> {
  const keys = new Set<string>();
  if (set) collect(set);
  return keys;

  function collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) keys.add(responseKeyOf(selection));
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else {
        const fragment = document.definitions.find(
          (definition): definition is FragmentDefinitionNode =>
            definition.kind === Kind.FRAGMENT_DEFINITION &&
            definition.name.value === selection.name.value,
        );
        if (fragment) collect(fragment.selectionSet);
      }
    }
  }
}

function renamed(keys: ReadonlySet<string>, rewrites: readonly Rewrite[]): ReadonlySet<string> {
  return new Set([...keys, ...rewrites.flatMap(({ rename }) => rename ?? [])]);
}

function rewritesOf(rewrites: readonly FetchRewrite[] = []): readonly Rewrite[] {
  return rewrites.map((rewrite) => {
    if ('KeyRenamer' in rewrite) {
      return { path: pathOf(rewrite.KeyRenamer.path), rename: rewrite.KeyRenamer.renameKeyTo };
    }
    const setter = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
    return { path: pathOf(setter.path), value: setter.setValueTo };
  });
}

function pathOf(
  path: readonly ({ readonly TypenameEquals: string[] } | { readonly Key: string })[],
): Rewrite['path'] {
  return path.map((part) => ('Key' in part ? { key: part.Key } : { types: part.TypenameEquals }));
}
