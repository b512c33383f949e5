import {
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Random } from './random.ts';

export interface InventedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const strangeNames = [
  'id',
  '__typename',
  'k1',
  'ref',
  'code',
  '_entities',
  'a_0',
  'representations',
];
const variableNames = ['representations', 'n', 'v0', '__batch_reps_0'];

/** Makes up an operation that a schema allows. Now and then two of its fields contradict each other. */
export function inventOperation(schema: GraphQLSchema, random: Random): InventedOperation {
  const variables: Record<string, unknown> = {};
  const declared = new Map<string, string>();
  const fragments: string[] = [];
  const isMutation = random.chance(0.05);
  const root = isMutation ? schema.getMutationType() : schema.getQueryType();
  const usesAliases = random.chance(0.8);
  const usesConditions = random.chance(0.3);
  const names = [
    ...strangeNames,
    ...Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) => Object.keys(isObjectType(type) ? type.getFields() : {})),
  ];
  const set = selectionSet(root as GraphQLCompositeType, 0, !isMutation);
  const head = [...declared].map(([name, type]) => `$${name}: ${type}`).join(', ');
  const opening = isMutation ? 'mutation' : random.pick(['query', 'query Q']);
  const operation =
    head === '' && opening === 'query' ? set : `${opening}${head && `(${head})`} ${set}`;
  return { query: [operation, ...fragments].join(' '), variables };

  function selectionSet(type: GraphQLCompositeType, depth: number, mayBranch: boolean): string {
    const taken = new Set<string>();
    const count = 1 + random.int(depth === 0 ? 3 : 4);
    const parts: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const part =
        mayBranch && random.chance(isAbstractType(type) ? 0.5 : 0.1)
          ? fragment(type, depth)
          : field(type, depth, taken);
      if (part !== '') parts.push(part);
    }
    if (parts.length === 0) parts.push('__typename');
    return `{ ${parts.join(' ')} }`;
  }

  function field(type: GraphQLCompositeType, depth: number, taken: Set<string>): string {
    if (isUnionType(type) || random.chance(0.08)) return named('__typename', taken, '');
    const fields = Object.values(type.getFields()).filter(
      (each) => depth < 4 || !isCompositeType(getNamedType(each.type)),
    );
    if (fields.length === 0) return named('__typename', taken, '');
    const chosen = random.pick(fields);
    const inner = getNamedType(chosen.type);
    const given = chosen.args.length > 0 && random.chance(0.8) ? argument() : '';
    const set = isCompositeType(inner) ? ` ${selectionSet(inner, depth + 1, true)}` : '';
    return named(chosen.name, taken, `${given}${condition()}${set}`);
  }

  function named(name: string, taken: Set<string>, rest: string): string {
    const alias = usesAliases && random.chance(0.4) ? random.pick(names) : undefined;
    const key = alias ?? name;
    if (taken.has(key)) return '';
    taken.add(key);
    return `${alias === undefined ? '' : `${alias}: `}${name}${rest}`;
  }

  function fragment(type: GraphQLCompositeType, depth: number): string {
    const condition_ = random.pick([type, ...relatedTypes(type)]);
    const set = selectionSet(condition_, depth + 1, depth < 4);
    if (random.chance(0.3)) {
      const name = `F${fragments.length}`;
      fragments.push(`fragment ${name} on ${condition_.name} ${set}`);
      return `...${name}${condition()}`;
    }
    const on = condition_ === type && random.chance(0.5) ? '' : ` on ${condition_.name}`;
    return `...${on}${condition()} ${set}`;
  }

  function relatedTypes(type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const around = Object.values(schema.getTypeMap()).filter(
      (each: GraphQLNamedType): each is GraphQLCompositeType =>
        (isInterfaceType(each) || isUnionType(each)) &&
        objects.some((object) => schema.isSubType(each, object)),
    );
    return [...objects, ...around];
  }

  function argument(): string {
    if (random.chance(0.5)) return `(n: ${random.int(3)})`;
    if (random.chance(0.3)) return '(n: null, t: "x")';
    const name = random.pick(variableNames);
    declared.set(name, declared.get(name) ?? random.pick(['Int', 'Int = 7']));
    if (random.chance(0.7)) variables[name] = random.pick([0, 1, null]);
    return `(n: $${name})`;
  }

  function condition(): string {
    if (!usesConditions || random.chance(0.7)) return '';
    const directive = random.pick(['skip', 'include']);
    if (random.chance(0.4)) return ` @${directive}(if: ${random.chance(0.5)})`;
    const name = random.pick(['yes', 'no']);
    declared.set(name, 'Boolean!');
    variables[name] = name === 'yes';
    return ` @${directive}(if: $${name})`;
  }
}
