import { type InventedField, type InventedGraph, instancesOfEach } from './invented-graph.ts';
import { hashOf } from './random.ts';

/** An object of the invented data. Its values follow from which one it is. */
export interface Instance {
  readonly __typename: string;
  /** Tells it from others of its type. */
  readonly number: number;
  /** What a subgraph was told of it. */
  readonly told?: Readonly<Record<string, unknown>>;
}

/** A field of an object that fails to answer. */
export class Failing extends Error {}

export interface InventedData {
  readonly keyValue: (instance: Instance, name: string) => unknown;
  /**
   * The value of a field, whoever is asked.
   *
   * @param from the subgraph that knows of what it leads to
   * @throws Failing
   */
  readonly valueOf: (instance: Instance, field: InventedField, args: object) => unknown;
  /** What a field makes of what it requires, told of it or not. */
  readonly required: (instance: Instance, requires: string) => string;
  readonly find: (
    typeName: string,
    told: Readonly<Record<string, unknown>>,
  ) => Instance | undefined;
}

export function inventData(graph: InventedGraph): InventedData {
  const keyValue = (instance: Instance, name: string): unknown => {
    const text = `${instance.__typename}-${instance.number}`;
    switch (name) {
      case 'id':
        return text;
      case 'k1':
        return `k1 of ${text}`;
      case 'k2':
        return instance.number * 7;
      default:
        return { code: `code of ${text}` };
    }
  };

  const fieldOf = (typeName: string, name: string) =>
    graph.types.get(typeName)?.fields.find((field) => field.name === name) as InventedField;
  const fieldValue = (instance: Instance, field: InventedField, args: object) => {
    const seed = `${graph.seed} ${instance.__typename} ${instance.number} ${field.name} ${JSON.stringify(args)}`;
    if (field.mayFail && hashOf(`${seed} fails`) % 9 === 0) throw new Failing('fails');
    return valueAt(field, 0, seed);
  };

  return {
    keyValue,
    valueOf: fieldValue,
    required({ told, ...instance }, requires) {
      const projected = [...requires.matchAll(/(\w+)(?: \{ (\w+) \})?/g)].map(
        ([, name = '', inner]) => {
          if (told) {
            if (told[name] === undefined) throw new Error(`${name} was not told`);
            return inner === undefined ? told[name] : innerOf(told[name], inner);
          }
          const value = fieldValue(instance, fieldOf(instance.__typename, name), {});
          return inner === undefined ? value : innerOf(value, inner);
        },
      );
      return JSON.stringify(projected);
    },
    find(typeName, told) {
      for (let number = 0; number < instancesOfEach; number += 1) {
        const instance = { __typename: typeName, number, told };
        const isTheOne = ['id', 'k1', 'k2', 'ref'].every(
          (name) =>
            told[name] === undefined ||
            JSON.stringify(told[name]) === JSON.stringify(keyValue(instance, name)),
        );
        if (isTheOne) return instance;
      }
      return undefined;
    },
  };

  function valueAt({ type, owners }: InventedField, level: number, seed: string): unknown {
    if (type.nullable[level] && hashOf(`${seed} null`) % 6 === 0) return null;
    if (level < type.nullable.length - 1) {
      return Array.from({ length: hashOf(seed) % 4 }, (_, index) =>
        valueAt({ type, owners } as InventedField, level + 1, `${seed} ${index}`),
      );
    }
    return single(type.name, owners, seed);
  }

  function single(typeName: string, owners: readonly string[], seed: string): unknown {
    const hash = hashOf(seed);
    const type = graph.types.get(typeName);
    if (type?.kind === 'value') return { __typename: typeName, number: hash };
    if (type) {
      // Of an abstract type, one that whoever answers knows of.
      const [owner = ''] = owners;
      const members = type.kind === 'entity' ? [typeName] : (type.members[owner] ?? []);
      const member = members[hash % members.length] ?? typeName;
      return known(owner, member, hash % instancesOfEach);
    }
    switch (typeName) {
      case 'Int':
        return hash % 1000;
      case 'Float':
        return (hash % 1000) / 8;
      case 'Boolean':
        return hash % 2 === 0;
      case 'Color':
        return hash % 2 === 0 ? 'RED' : 'GREEN';
      default:
        // Now and then it is what tells another entity from this one.
        return hash % 3 === 0 ? `E${hash % 2}-${hash % 4}` : `${typeName} ${hash % 1000}`;
    }
  }

  /** Nobody leads to what it has lost itself. */
  function known(owner: string, typeName: string, number: number): Instance {
    const isGone = graph.gone.has(`${owner} ${typeName} ${number}`);
    return { __typename: typeName, number: isGone ? (number + 1) % instancesOfEach : number };
  }

  function innerOf(value: unknown, name: string): unknown {
    if (Array.isArray(value)) return value.map((entry) => innerOf(entry, name));
    if (value === null) return null;
    const holder = value as Instance & Record<string, unknown>;
    return holder.__typename === 'V' && typeof holder.number === 'number'
      ? fieldValue(holder, fieldOf('V', name), {})
      : holder[name];
  }
}
