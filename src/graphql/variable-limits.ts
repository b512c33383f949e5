/** Values and field names, however nested, and the characters of all of them. */
export interface VariableLimits {
  readonly values: number;
  readonly characters: number;
}

/** What a client may send. */
export const variableLimits: VariableLimits = { values: 1_000, characters: 32 * 1024 };
/** What a router may send: all the entities that an operation refers to, at once. */
export const routerVariableLimits: VariableLimits = { values: 20_000, characters: 512 * 1024 };

/**
 * Whether the variables of a request are more than any operation of ours needs.
 *
 * Attack: an input object of thousands of fields. GraphQL prints the whole of it into each of its
 * complaints, and a request of 100 kB keeps the process busy for seconds.
 */
export function areTooLarge(variables: unknown, limits = variableLimits): boolean {
  let values = 0;
  let characters = 0;
  const pending: unknown[] = [variables];
  while (pending.length > 0) {
    const next = pending.pop();
    values += 1;
    if (typeof next === 'string') characters += next.length;
    else if (typeof next === 'object' && next !== null) {
      for (const [key, inner] of Object.entries(next)) {
        characters += key.length;
        pending.push(inner);
      }
    }
    if (values + pending.length > limits.values || characters > limits.characters) {
      return true;
    }
  }
  return false;
}
