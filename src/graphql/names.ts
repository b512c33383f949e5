import {
  type GraphQLSchema,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
} from 'graphql';
import { StartError } from '../core/start-error.ts';
import { renameSchema } from './rename-schema.ts';

/**
 * Under which names the auth schema appears in the graph: of a type (`User`), a root field (`me`) or a
 * field of `User` (`User.email`), as they are called here. False leaves a field out.
 */
export type Names = Readonly<Record<string, string | false>>;

/**
 * What can have another name and can't be left out: it signs people in and out, tells who is asking, or
 * is what a mail's link leads to.
 */
const needed: ReadonlySet<string> = new Set([
  'me',
  'login',
  'completeSignIn',
  'refreshToken',
  'logout',
  'verifyEmail',
  'resetPassword',
  'confirmEmailChange',
  'undoEmailChange',
]);

const rootTypes = ['Query', 'Mutation', 'Subscription'] as const;
/** Names that Federation and GraphQL have for themselves. */
const reserved = /^(Query|Mutation|Subscription|Int|Float|String|Boolean|ID|_.*)$/;
/** No field returns it; it stands in the schema for code generators. */
const orphans = ['ErrorExtensions'] as const;

/**
 * Whether a document asks for a mutation that the graph leaves out.
 *
 * @throws GraphQLError for a text that is no document
 */
export function holdsMutationLeftOut(text: string, names: Names): boolean {
  return parse(text, { noLocation: true }).definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === 'mutation' &&
      definition.selectionSet.selections.some(
        (selection) => selection.kind === Kind.FIELD && names[selection.name.value] === false,
      ),
  );
}

/** What a thing of ours is called in the graph. */
export function nameIn(names: Names, name: string): string {
  return names[name] || name;
}

/** The auth schema under other names. @throws StartError with every problem at once */
export function withNames(schema: GraphQLSchema, names: Names): GraphQLSchema {
  if (Object.keys(names).length === 0) return schema;
  const problems = problemsOf(schema, names);
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  - ${problem}`);
    throw new StartError(['The names in gatehouse.yaml do not fit:', ...lines].join('\n'));
  }
  const ofField = (type: string, field: string) => {
    const name = names[placeOf(type, field)];
    return name === false ? undefined : (name ?? field);
  };
  return renameSchema(schema, { ofType: (type) => nameIn(names, type), ofField }, orphans);
}

/** How the settings call a field: a root field by its name alone. */
function placeOf(type: string, field: string): string {
  return isRoot(type) ? field : `${type}.${field}`;
}

function isRoot(type: string): boolean {
  return rootTypes.some((root) => root === type);
}

function problemsOf(schema: GraphQLSchema, names: Names): readonly string[] {
  const types = typeNames(schema);
  const fields = new Map<string, readonly string[]>();
  for (const type of [...rootTypes, 'User']) fields.set(type, fieldNames(schema, type));
  const places = new Set([
    ...types,
    ...[...fields].flatMap(([type, own]) => own.map((field) => placeOf(type, field))),
  ]);
  const problems: string[] = [];
  for (const [place, name] of Object.entries(names)) {
    if (!places.has(place)) {
      problems.push(
        `${place} is no type, root field or field of User (docs/gateway.md lists them)`,
      );
    } else if (place === 'User.id') {
      problems.push('User.id is the key by which other subgraphs refer to it, and keeps its name');
    } else if (name === false && types.includes(place)) {
      problems.push(`${place} is a type: it goes when no field that is left returns or takes it`);
    } else if (name === false && needed.has(place)) {
      problems.push(`${place} can have another name, and can't be left out`);
    } else if (name !== false && reserved.test(name)) {
      problems.push(`${place} can't be called ${name}, which GraphQL or Federation has for itself`);
    }
  }
  const called = (entries: readonly (readonly [string, string | false | undefined])[]) => {
    const given = new Map<string, string>();
    for (const [place, name] of entries) {
      if (!name) continue;
      const other = given.get(name);
      if (other) problems.push(`${other} and ${place} would both be called ${name}`);
      given.set(name, place);
    }
  };
  called(types.map((type) => [type, nameIn(names, type)]));
  for (const [type, own] of fields) {
    called(own.map((field) => [placeOf(type, field), names[placeOf(type, field)] ?? field]));
  }
  return problems;
}

/** The types that can have another name. */
export function typeNames(schema: GraphQLSchema): readonly string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .map(({ name }) => name)
    .filter((name) => !isRoot(name));
}

function fieldNames(schema: GraphQLSchema, type: string): readonly string[] {
  const found = schema.getType(type);
  return isObjectType(found) ? Object.keys(found.getFields()) : [];
}
