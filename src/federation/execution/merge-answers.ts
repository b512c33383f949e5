export type Source = Record<string, unknown>;

/** Whether a type's name is that of objects, and not of an interface that stands for them. */
export type IsObjectType = (typeName: unknown) => boolean;

/**
 * Adds to an object what another subgraph says of it.
 *
 * Attack: `__proto__` in an answer would add to what every object of the process is made from.
 */
export function mergeAnswer(target: Source, added: Source, isObjectType: IsObjectType): void {
  for (const key of Object.keys(added)) {
    if (key === '__proto__') continue;
    const value = added[key];
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (before === undefined) target[key] = value;
    // The first to say which type it is knows; but an interface's name is not yet an answer.
    else if (key === '__typename') target[key] = isObjectType(before) ? before : value;
    else target[key] = mergedValue(before, value, isObjectType);
  }
}

/** A copy that shares nothing: two places may show one entity, and ask different things of it. */
export function copyOf<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (!isObject(value)) return value;
  const copy: Source = {};
  for (const key of Object.keys(value)) if (key !== '__proto__') copy[key] = copyOf(value[key]);
  return copy as Value;
}

export function isObject(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mergedValue(before: unknown, value: unknown, isObjectType: IsObjectType): unknown {
  if (isObject(before) && isObject(value)) {
    mergeAnswer(before, value, isObjectType);
    return before;
  }
  if (Array.isArray(before) && Array.isArray(value) && before.length === value.length) {
    return before.map((entry, index) => mergedValue(entry, value[index], isObjectType));
  }
  return value ?? before;
}
