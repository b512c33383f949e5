/** Conditions of a WHERE clause over numbered parameters, of which absent criteria add none. */
export interface Conditions {
  /** Adds `condition`, in which `?` stands for the value, unless the value is null or undefined. */
  readonly add: (condition: string, value: unknown) => void;
  /** The number of a further parameter, such as `$3`. */
  readonly parameter: (value: unknown) => string;
  readonly where: () => string;
  readonly values: readonly unknown[];
}

export function createConditions(): Conditions {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  return {
    values,
    parameter,
    add(condition, value) {
      if (value === null || value === undefined) return;
      conditions.push(condition.replaceAll('?', parameter(value)));
    },
    where: () => (conditions.length === 0 ? 'true' : conditions.join(' AND ')),
  };
}
