import {
  extendSchema,
  type GraphQLSchema,
  isUnionType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { PrivateField } from './accounts/private-field.ts';
import type { User } from './accounts/user.type.ts';
import type { GraphQLContext } from './context.ts';
import { type Names, nameIn } from './names.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])`;

const federationTypes = (user: string) =>
  parse(`
    scalar _Any
    union _Entity = ${user}
    type _Service { sdl: String! }
    extend type Query {
      _entities(representations: [_Any!]!): [_Entity]!
      _service: _Service!
    }
  `);

/** The auth schema, which has these names, as a Federation 2 subgraph describes itself. */
export function printSubgraphSchema(schema: GraphQLSchema, names: Names = {}): string {
  const user = nameIn(names, 'User');
  const pageInfo = nameIn(names, 'PageInfo');
  const marked = visit(parse(printSchema(schema), { noLocation: true }), {
    ObjectTypeDefinition(node) {
      if (node.name.value === user) return withDirective(node, '@key(fields: "id")');
      // Every subgraph with Relay's connections has a PageInfo of the same shape.
      if (node.name.value === pageInfo) return withDirective(node, '@shareable');
      return undefined;
    },
  });
  return `${link}\n\n${print(marked)}\n`;
}

/** A copy of the auth schema, which has these names, that answers `_service` and `_entities` too. */
export function withEntities(schema: GraphQLSchema, names: Names = {}): GraphQLSchema {
  const sdl = printSubgraphSchema(schema, names);
  const user = nameIn(names, 'User');
  const extended = extendSchema(schema, federationTypes(user));
  const fields = extended.getQueryType()?.getFields();
  const entity = extended.getType('_Entity');
  if (!fields?._entities || !fields._service || !isUnionType(entity)) {
    throw new Error('the schema was not extended');
  }
  fields._service.resolve = () => ({ sdl });
  fields._entities.resolve = (_source, { representations }, context: GraphQLContext) =>
    representations.map((representation: unknown) => findUser(user, representation, context));
  entity.resolveType = () => user;
  return extended;
}

/**
 * Attack: an entity reference reaches any account by its id. Its private fields belong to the person
 * alone, and refuse whoever came by a reference; see `UserResolver`.
 */
async function findUser(
  typeName: string,
  representation: unknown,
  { accounts, user }: GraphQLContext,
): Promise<User | null> {
  const { __typename, id } = Object(representation) as Record<string, unknown>;
  if (__typename !== typeName || typeof id !== 'string') return null;
  const account = await accounts.load(id);
  if (!account) return null;
  if (user?.id === id) return { id, roles: user.roles, account };
  return {
    id,
    account,
    isReference: true,
    get roles(): never {
      throw new PrivateField();
    },
  };
}

function withDirective(node: ObjectTypeDefinitionNode, text: string): ObjectTypeDefinitionNode {
  const [definition] = parse(`type X ${text}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OBJECT_TYPE_DEFINITION) throw new Error('no directive');
  return {
    ...node,
    directives: [...(node.directives ?? []), ...(definition.directives ?? [])],
  };
}
