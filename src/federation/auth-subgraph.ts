import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  parse,
  type TypeDefinitionNode,
} from 'graphql';
import { collisions } from './auth-collisions.ts';
import { composeSupergraph, type SubgraphSchema, type Supergraph } from './compose-supergraph.ts';
import { CompositionFailed } from './errors.ts';
import { enumOf, textOf } from './links.ts';
import { isRootType, namesOf, typesByName } from './type-nodes.ts';

/** The auth schema as one of the subgraphs. */
export interface AuthSubgraph extends SubgraphSchema {
  /** The names of the settings file: what is called otherwise in the graph, or left out of it. */
  readonly names: Readonly<Record<string, string | false>>;
}

/** Composes subgraphs with the auth schema. @throws CompositionFailed with every problem at once */
export function composeWithAuth(
  auth: AuthSubgraph,
  subgraphs: readonly SubgraphSchema[],
): Supergraph {
  const problems = collisions(auth, subgraphs);
  if (problems.length > 0) throw new CompositionFailed(problems);
  return composeSupergraph([auth, ...subgraphs]);
}

/**
 * What a supergraph asks of the auth schema that it does not have: it was composed with another
 * version's, or with other names. The planner would ask for it, and nothing would be answered.
 */
export function unknownToAuth(supergraph: DocumentNode, auth: AuthSubgraph): readonly string[] {
  const own = typesByName(parse(auth.sdl, { noLocation: true }));
  const types = typesByName(supergraph);
  const graph = graphNameOf(types.get('join__Graph'), auth.name);
  return [...types].flatMap(([name, node]) => {
    if (!directivesOf(node, 'join__type').some((entry) => enumOf(entry, 'graph') === graph)) {
      return [];
    }
    const fields = fieldsIn(node, graph);
    const mine = own.get(name);
    if (!mine) return isRootType(name) && fields.length === 0 ? [] : [name];
    const known = 'fields' in mine ? namesOf(mine.fields) : [];
    return fields.flatMap((field) => (known.includes(field) ? [] : [`${name}.${field}`]));
  });
}

/** The fields that a graph answers. One without a graph of its own is in all those of its type. */
function fieldsIn(node: TypeDefinitionNode, graph: string | undefined): readonly string[] {
  if (!('fields' in node) || !node.fields) return [];
  const isHere = (field: Directed) => {
    const joined = directivesOf(field, 'join__field').filter(
      (entry) => enumOf(entry, 'graph') !== undefined,
    );
    return joined.length === 0 || joined.some((entry) => enumOf(entry, 'graph') === graph);
  };
  return namesOf(node.fields.filter(isHere));
}

function graphNameOf(graphs: TypeDefinitionNode | undefined, subgraph: string) {
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  const isGraph = (value: Directed) =>
    directivesOf(value, 'join__graph').some((entry) => textOf(entry, 'name') === subgraph);
  return values.find(isGraph)?.name.value;
}

interface Directed {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

function directivesOf({ directives = [] }: Directed, wanted: string) {
  return directives.filter(({ name }) => name.value === wanted);
}
