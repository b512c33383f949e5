import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';
import { CompositionFailed } from '../errors.ts';
import { assertFeaturesKnown } from '../unsupported-features.ts';
import { keyOf, type Requirement } from './requirement.ts';
import { isReserved, readReservedPolicy } from './reserved-policies.ts';
import { securityDirectives } from './security-directives.ts';

/** What the graph asks of callers, by type and field. */
export interface AccessRules {
  /** Of a field that is selected on a type, without what its own result's type asks. */
  readonly ofField: (parent: GraphQLNamedType, field: string) => readonly Requirement[];
  /** Of whatever is of this type. */
  readonly ofType: (type: GraphQLNamedType) => readonly Requirement[];
}

/**
 * Reads the rules out of a supergraph.
 *
 * Attack: a rule that is passed by on a way around it. A field of an object asks for what its
 * interfaces ask for, and a field that is selected on an interface for what every type behind it asks
 * for: either spelling of the query needs the same (CVE-2025-64173 of Apollo's router).
 *
 * @throws CompositionFailed for a feature that nobody here knows
 */
export function readAccessRules(supergraphSdl: string, schema: GraphQLSchema): AccessRules {
  const document = parse(supergraphSdl, { noLocation: true });
  assertFeaturesKnown(document);
  const declared = declaredRequirements(document);
  const at = (coordinate: string) => declared.get(coordinate) ?? [];
  const memory = new Map<string, readonly Requirement[]>();
  const remember = (key: string, make: () => readonly Requirement[]) => {
    const known = memory.get(key);
    if (known) return known;
    const made = [...new Map(make().map((entry) => [keyOf(entry), entry])).values()];
    memory.set(key, made);
    return made;
  };

  const interfacesOf = (type: GraphQLNamedType) =>
    isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
  /** What an interface asks by itself: composition gives it what the types behind it ask for too. */
  const ownOf = (face: GraphQLInterfaceType, suffix: string) => {
    const behind = schema.getPossibleTypes(face).flatMap(({ name }) => at(`${name}${suffix}`));
    return at(`${face.name}${suffix}`).filter(
      ({ kind }) => !behind.some((requirement) => requirement.kind === kind),
    );
  };
  const ofType = (type: GraphQLNamedType) =>
    remember(type.name, () => [
      ...at(type.name),
      ...interfacesOf(type).flatMap((face) => ownOf(face, '')),
    ]);

  return {
    ofType,
    ofField: (parent, field) =>
      remember(`${parent.name}.${field}`, () => {
        const behind = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
        return [
          ...[parent, ...behind].flatMap((type) => [
            ...ofType(type),
            ...at(`${type.name}.${field}`),
          ]),
          ...interfacesOf(parent).flatMap((face) => ownOf(face, `.${field}`)),
        ];
      }),
  };
}

function declaredRequirements(document: DocumentNode): ReadonlyMap<string, Requirement[]> {
  const names = securityDirectives(document);
  const found = new Map<string, Requirement[]>();
  const note = (coordinate: string, directives: readonly ConstDirectiveNode[] = []) => {
    const requirements = directives.flatMap((directive) => {
      const feature = names.get(directive.name.value);
      return feature === undefined ? [] : [toRequirement(feature, directive, coordinate)];
    });
    if (requirements.length > 0) {
      found.set(coordinate, [...(found.get(coordinate) ?? []), ...requirements]);
    }
  };
  for (const definition of document.definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    if (definition.kind === Kind.OPERATION_DEFINITION) continue;
    const typeName = definition.name.value;
    note(typeName, definition.directives as readonly ConstDirectiveNode[]);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) {
      note(`${typeName}.${field.name.value}`, field.directives);
    }
  }
  return found;
}

function toRequirement(
  feature: 'authenticated' | 'requiresScopes' | 'policy',
  { arguments: given = [] }: ConstDirectiveNode,
  coordinate: string,
): Requirement {
  if (feature === 'authenticated') return { kind: 'authenticated' };
  const isScopes = feature === 'requiresScopes';
  const wanted = isScopes ? 'scopes' : 'policies';
  const anyOf = listsOf(given.find(({ name }) => name.value === wanted)?.value);
  if (!anyOf) throw new CompositionFailed([`${coordinate}: @${feature} can't be read`]);
  const unknown = isScopes
    ? undefined
    : anyOf.flat().find((name) => isReserved(name) && !readReservedPolicy(name));
  if (unknown !== undefined) {
    throw new CompositionFailed([
      `${coordinate}: there is no policy ${unknown}; gatehouse:aal2, gatehouse:phr and such as gatehouse:fresh(5m) are there`,
    ]);
  }
  return { kind: wanted, anyOf };
}

function listsOf(value: ConstValueNode | undefined): string[][] | undefined {
  if (value?.kind !== Kind.LIST) return undefined;
  const lists: string[][] = [];
  for (const inner of value.values) {
    if (inner.kind !== Kind.LIST) return undefined;
    const texts = inner.values.map((entry) => (entry.kind === Kind.STRING ? entry.value : ''));
    if (texts.includes('')) return undefined;
    lists.push(texts);
  }
  return lists;
}
