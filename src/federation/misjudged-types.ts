import {
  buildASTSchema,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isTypeSubTypeOf,
  Kind,
  type NamedTypeNode,
  parse,
  print,
  typeFromAST,
} from 'graphql';
import { hasDirective, isTypeNode } from './type-nodes.ts';

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/**
 * The fields that composition gave a type which not all of their subgraphs answer with. Where one says
 * `Book` and another `Media`, a union with `Book` in it, the field has to be `Media`; as `Book`, what the
 * other one answers is refused, and what clients ask of it too.
 */
export function misjudgedTypes(
  supergraphSdl: string,
  services: readonly Service[],
): readonly string[] {
  const valid = { assumeValid: true, assumeValidSDL: true };
  const supergraph = buildASTSchema(parse(supergraphSdl, { noLocation: true }), valid);
  const misjudged = new Set<string>();
  const said = new Map<string, Map<string, string>>();
  for (const { name, typeDefs } of services) {
    for (const { place, field } of fieldsOf(typeDefs)) {
      const composed = composedType(supergraph, place);
      if (!composed || hasDirective(field.directives, 'external')) continue;
      said.set(place, (said.get(place) ?? new Map()).set(name, print(field.type)));
      const own = typeFromAST(supergraph, field.type as NamedTypeNode);
      if (own && !isTypeSubTypeOf(supergraph, own, composed)) misjudged.add(place);
    }
  }
  return [...misjudged].map((place) => {
    const types = [...(said.get(place) ?? [])].map(([name, type]) => `${type} in ${name}`);
    return `${place} is ${types.join(' and ')}, for which composition here finds no type that fits all`;
  });
}

function* fieldsOf(document: DocumentNode) {
  for (const node of document.definitions) {
    if (!isTypeNode(node) || !('fields' in node)) continue;
    for (const field of node.fields ?? []) {
      if (field.kind !== Kind.FIELD_DEFINITION) continue;
      yield {
        place: `${node.name.value}.${field.name.value}`,
        field: field as FieldDefinitionNode,
      };
    }
  }
}

function composedType(schema: GraphQLSchema, place: string) {
  const [typeName = '', fieldName = ''] = place.split('.');
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type)
    ? type.getFields()[fieldName]?.type
    : undefined;
}
