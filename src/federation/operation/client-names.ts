import { type FieldNode, print } from 'graphql';

/**
 * The names under which a document's fields are planned, fetched and joined.
 *
 * Attack: `{ me { id: firstName orders } }` puts a name that its caller chose where the plan looks for
 * the key, and reads another person's orders. So no name of a client's reaches a plan: what stands
 * under a field's own name is that field, as plans need it, and everything else has a name of ours.
 */
export interface ClientNames {
  /** The name of ours under which a field's value is found in what was fetched. */
  readonly keyOf: (field: FieldNode) => string;
  readonly variableOf: (clientName: string) => string;
  /** The client's name of a variable of ours. */
  readonly clientVariable: (name: string) => string | undefined;
}

export interface NamesOfGraph {
  /** Begins no field of the graph. */
  readonly prefix: string;
  /** Fields that plans may need for themselves: those of keys and of `@requires`. */
  readonly needed: ReadonlySet<string>;
}

export function createClientNames({ prefix, needed }: NamesOfGraph): ClientNames {
  const keys = new Map<string, string>();
  const keysOfFields = new Map<FieldNode, string>();
  const variables = new Map<string, string>();
  const clientVariables = new Map<string, string>();

  return {
    keyOf(field) {
      if (isPlain(field, needed)) return field.name.value;
      const known = keysOfFields.get(field);
      if (known !== undefined) return known;
      // Two fields of one name may have different types or arguments where their parents differ.
      const given = (field.arguments ?? []).map((argument) => print(argument)).sort();
      const asked = [responseKeyOf(field), field.name.value, ...given].join('\n');
      const key = keys.get(asked) ?? `${prefix}${keys.size}`;
      keys.set(asked, key);
      keysOfFields.set(field, key);
      return key;
    },
    variableOf(clientName) {
      const known = variables.get(clientName);
      if (known !== undefined) return known;
      const name = `v${variables.size}`;
      variables.set(clientName, name);
      clientVariables.set(name, clientName);
      return name;
    },
    clientVariable: (name) => clientVariables.get(name),
  };
}

/** The name under which a client finds a field in its answer. */
export function responseKeyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function isPlain(
  { alias, name, arguments: given = [] }: FieldNode,
  needed: ReadonlySet<string>,
): boolean {
  const isUnnamed = alias === undefined || alias.value === name.value;
  // With arguments it may be another value than the one that a plan asks for.
  return isUnnamed && (given.length === 0 || !needed.has(name.value));
}
