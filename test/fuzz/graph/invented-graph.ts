import { createRandom, type Random } from './random.ts';

/** What a field answers. */
export interface FieldType {
  readonly name: string;
  /** From the outside to the inside: whether each level may be null; more than one is a list. */
  readonly nullable: readonly boolean[];
}

export interface InventedField {
  readonly name: string;
  readonly type: FieldType;
  readonly hasArguments: boolean;
  /** The subgraphs that resolve it. More than one: it is shareable. */
  readonly owners: readonly string[];
  /** What its one owner needs for it from others. */
  readonly requires?: string;
  /** Fields of what it returns that its owner knows too, on this path only. */
  readonly provides?: string;
  /** Whether some path to it provides it: then whoever resolves it shares it. */
  readonly isProvided?: boolean;
  /** A subgraph that had it before. */
  readonly overridden?: string;
  /** Whether some of its objects fail to answer it. */
  readonly mayFail: boolean;
}

export interface InventedType {
  readonly kind: 'entity' | 'value' | 'interface' | 'union' | 'root' | 'mutation';
  readonly name: string;
  readonly fields: readonly InventedField[];
  /** By subgraph, the keys by which it finds the entity. Empty: it is known there, and not found. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Subgraphs in which it is declared. */
  readonly subgraphs: readonly string[];
  /** Of an interface or a union, those behind it; by subgraph, which of them it knows. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Subgraphs that know the interface as an object. */
  readonly asObject: readonly string[];
}

export interface InventedGraph {
  readonly seed: number;
  readonly subgraphs: readonly string[];
  readonly types: ReadonlyMap<string, InventedType>;
  /** Entities that a subgraph does not find, as `subgraph type index`. */
  readonly gone: ReadonlySet<string>;
}

export const instancesOfEach = 4;
const scalars = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Color'];

type Draft<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Makes up a graph out of several subgraphs. Not everything that it makes up composes. */
export function inventGraph(seed: number): InventedGraph {
  const random = createRandom(seed);
  const subgraphs = ['a', 'b', 'c', 'd'].slice(0, 2 + random.int(3));
  const types = new Map<string, Draft<InventedType>>();
  const entityNames = ['E0', 'E1', 'E2', 'E3'].slice(0, 2 + random.int(3));
  const declare = (kind: InventedType['kind'], name: string, where: readonly string[]) => {
    const type: Draft<InventedType> = {
      kind,
      name,
      fields: [],
      keys: {},
      subgraphs: where,
      members: {},
      asObject: [],
    };
    types.set(name, type);
    return type;
  };
  const atLeastOne = (probability: number) => {
    const some = random.some(subgraphs, probability);
    return some.length > 0 ? some : [random.pick(subgraphs)];
  };

  for (const name of entityNames) {
    const type = declare('entity', name, atLeastOne(0.7));
    type.keys = inventKeys(type.subgraphs, random);
  }
  const value = declare('value', 'V', subgraphs);
  value.fields = ['va', 'vb'].map((name) => ({
    ...leaf(name, subgraphs, random),
    hasArguments: false,
    mayFail: false,
  }));
  const face = random.chance(0.7) ? declare('interface', 'I', atLeastOne(0.7)) : undefined;
  const union = random.chance(0.6) ? declare('union', 'U', atLeastOne(0.7)) : undefined;
  const behind = random.some(entityNames, 0.7);
  for (const abstract of [face, union]) {
    if (!abstract) continue;
    abstract.members = Object.fromEntries(
      abstract.subgraphs.map((subgraph) => [
        subgraph,
        behind.filter((name) => types.get(name)?.subgraphs.includes(subgraph)),
      ]),
    );
    abstract.subgraphs = abstract.subgraphs.filter((name) => abstract.members[name]?.length);
    if (abstract.subgraphs.length === 0) types.delete(abstract.name);
  }

  for (const name of entityNames) {
    const type = types.get(name) as Draft<InventedType>;
    type.fields = inventFields(type, { types, random, prefix: '' });
  }
  for (const name of entityNames) addRequirements(types.get(name) as Draft<InventedType>, random);
  const root = declare('root', 'Query', subgraphs);
  root.fields = subgraphs.flatMap((subgraph) =>
    Array.from({ length: 2 + random.int(3) }, (_, index) =>
      relation(`${subgraph}Root${index}`, [subgraph], types, random),
    ),
  );
  const mutation = declare('mutation', 'Mutation', subgraphs);
  mutation.fields = subgraphs.map((subgraph) => ({
    name: `${subgraph}Count`,
    type: { name: 'Int', nullable: [false] },
    hasArguments: true,
    owners: [subgraph],
    mayFail: false,
  }));
  addProvisions(types, random);
  return { seed, subgraphs, types, gone: inventGone([...types.values()], random) };
}

interface Surroundings {
  readonly types: ReadonlyMap<string, InventedType>;
  readonly random: Random;
  readonly prefix: string;
}

/** `id` everywhere; or a composite or a nested key somewhere, with a subgraph that knows both. */
function inventKeys(subgraphs: readonly string[], random: Random): Record<string, string[]> {
  const other = random.pick(['k1 k2', 'ref { code }', 'k1 ref { code }']);
  const keys = Object.fromEntries(subgraphs.map((name) => [name, ['id']]));
  if (random.chance(0.5) || subgraphs.length < 2) return keys;
  const [bridge, ...rest] = subgraphs;
  keys[bridge as string] = ['id', other];
  for (const name of rest) if (random.chance(0.6)) keys[name] = [other];
  return keys;
}

function inventFields(
  type: InventedType,
  { types, random }: Surroundings,
): readonly InventedField[] {
  const fields: InventedField[] = [];
  for (const subgraph of type.subgraphs) {
    for (let index = 0; index < 1 + random.int(3); index += 1) {
      const isShared = random.chance(0.2);
      const owners = isShared ? type.subgraphs : [subgraph];
      const name = `${isShared ? 's' : subgraph}F${index}`;
      if (fields.some((field) => field.name === name)) continue;
      const made =
        random.chance(0.4) && !isShared
          ? relation(name, owners, types, random)
          : leaf(name, owners, random);
      const others = type.subgraphs.filter((each) => each !== subgraph);
      const isOverridden = !isShared && others.length > 0 && random.chance(0.1);
      fields.push(isOverridden ? { ...made, overridden: random.pick(others) } : made);
    }
  }
  return fields;
}

function leaf(name: string, owners: readonly string[], random: Random): InventedField {
  return {
    name,
    owners,
    type: { name: random.pick(scalars), nullable: inventNullability(random, 0.2) },
    hasArguments: random.chance(0.2),
    mayFail: random.chance(0.3),
  };
}

function relation(
  name: string,
  owners: readonly string[],
  types: ReadonlyMap<string, InventedType>,
  random: Random,
): InventedField {
  const [owner = ''] = owners;
  const targets = [...types.values()].filter(
    ({ kind, subgraphs }) => kind !== 'root' && kind !== 'mutation' && subgraphs.includes(owner),
  );
  return {
    name,
    owners,
    type: { name: random.pick(targets).name, nullable: inventNullability(random, 0.4) },
    hasArguments: random.chance(0.2),
    mayFail: random.chance(0.2),
  };
}

function inventNullability(random: Random, list: number): readonly boolean[] {
  const levels = random.chance(list) ? (random.chance(0.15) ? 3 : 2) : 1;
  return Array.from({ length: levels }, () => random.chance(0.6));
}

/** Some fields of an entity need others of it, that another subgraph resolves. */
function addRequirements(type: Draft<InventedType>, random: Random): void {
  const needed = new Set<string>();
  const made: InventedField[] = [];
  for (const subgraph of type.subgraphs) {
    if (!random.chance(0.5)) continue;
    const foreign = type.fields.filter(
      ({ owners, hasArguments, type: { name }, overridden }) =>
        !owners.includes(subgraph) &&
        overridden !== subgraph &&
        !hasArguments &&
        (scalars.includes(name) || name === 'V'),
    );
    if (foreign.length === 0) continue;
    const chosen = [random.pick(foreign), ...random.some(foreign, 0.3)];
    const names = [...new Set(chosen)];
    for (const { name } of names) needed.add(name);
    made.push({
      name: `${subgraph}Req`,
      owners: [subgraph],
      type: { name: 'String', nullable: [true] },
      hasArguments: false,
      requires: names
        .map((field) => (field.type.name === 'V' ? `${field.name} { va }` : field.name))
        .join(' '),
      mayFail: false,
    });
  }
  type.fields = [
    ...type.fields.map((field) => (needed.has(field.name) ? { ...field, mayFail: false } : field)),
    ...made,
  ];
}

/** Some relations bring along a field of what they lead to. */
function addProvisions(types: ReadonlyMap<string, Draft<InventedType>>, random: Random): void {
  const provided = new Set<InventedField>();
  for (const type of types.values()) {
    type.fields = type.fields.map((field) => {
      const target = types.get(field.type.name);
      const [owner = ''] = field.owners;
      if (target?.kind !== 'entity' || field.owners.length !== 1 || !random.chance(0.2)) {
        return field;
      }
      const known = target.fields.find(
        ({ owners, requires, overridden, hasArguments, type: { name } }) =>
          !owners.includes(owner) &&
          overridden === undefined &&
          !requires &&
          !hasArguments &&
          scalars.includes(name),
      );
      if (known) provided.add(known);
      return known ? { ...field, provides: known.name } : field;
    });
  }
  for (const type of types.values()) {
    type.fields = type.fields.map((field) =>
      provided.has(field) ? { ...field, isProvided: true } : field,
    );
  }
}

/** Entities that a subgraph has lost. Only where `id` alone leads to it and nobody else has its fields. */
function inventGone(types: readonly InventedType[], random: Random): ReadonlySet<string> {
  const gone = new Set<string>();
  for (const { kind, name, keys, fields, subgraphs } of types) {
    const isSimple = subgraphs.every((subgraph) => keys[subgraph]?.join() === 'id');
    if (kind !== 'entity' || !isSimple || !random.chance(0.4)) continue;
    const subgraph = random.pick(subgraphs);
    const isEntangled = fields.some(
      (field) =>
        field.requires !== undefined ||
        (field.owners.includes(subgraph) && (field.owners.length > 1 || field.isProvided)),
    );
    if (isEntangled) continue;
    gone.add(`${subgraph} ${name} ${random.int(instancesOfEach)}`);
  }
  return gone;
}
