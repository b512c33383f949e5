import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import type { FieldProblem } from '../core/domain-error.ts';

/** The variables of an operation that don't fit their types: where and why, never what they were. */
export function inputProblems(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) continue;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined && definition.defaultValue) continue;
    coerceInputValue(value, type, (path, invalidValue, error) => {
      problems.push(problemOf({ name, path, invalidValue, error }));
    });
  }
  return problems;
}

interface Refusal {
  /** The variable, and the path inside its value. */
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly invalidValue: unknown;
  readonly error: GraphQLError;
}

function problemOf({ name, path, invalidValue, error }: Refusal): FieldProblem {
  // graphql-js reports a missing field at the object that lacks it.
  const missing = /^Field "(\w+)" of required type/.exec(error.message)?.[1];
  const place = missing === undefined ? (path.length > 0 ? path : [name]) : [...path, missing];
  const at = place.join('.');
  if (missing !== undefined || invalidValue === null || invalidValue === undefined) {
    return { path: at, rule: 'REQUIRED', message: 'This field is required.' };
  }
  const { rule } = error.extensions;
  return typeof rule === 'string'
    ? { path: at, rule, message: error.message }
    : { path: at, rule: 'TYPE', message: 'This value does not fit its type.' };
}
