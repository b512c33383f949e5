import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';

/** A type's definition, or what a subgraph adds to one. */
export type TypeNode = TypeDefinitionNode | TypeExtensionNode;
export type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

export function isTypeNode(node: DefinitionNode): node is TypeNode {
  return /Type(Definition|Extension)$/.test(node.kind);
}

export function isObjectNode(node: TypeNode): node is ObjectNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}

export function isScalarNode({ kind }: TypeNode): boolean {
  return kind === Kind.SCALAR_TYPE_DEFINITION || kind === Kind.SCALAR_TYPE_EXTENSION;
}

export function isRootType(name: string): boolean {
  return name === 'Query' || name === 'Mutation' || name === 'Subscription';
}

/** The types of a document by name, without what only extends one. */
export function typesByName(document: DocumentNode): ReadonlyMap<string, TypeDefinitionNode> {
  return new Map(
    document.definitions
      .filter(
        (node): node is TypeDefinitionNode =>
          node.kind.endsWith('TypeDefinition') && isTypeNode(node),
      )
      .map((node) => [node.name.value, node]),
  );
}

/** A directive of Federation, under its own name or with its namespace. */
export function hasDirective(
  directives: readonly ConstDirectiveNode[] | undefined,
  wanted: string,
): boolean {
  return (directives ?? []).some(({ name }) => name.value.replace(/^federation__/, '') === wanted);
}

export function namesOf(
  nodes: readonly { readonly name: { readonly value: string } }[] | undefined,
): readonly string[] {
  return (nodes ?? []).map(({ name }) => name.value);
}
