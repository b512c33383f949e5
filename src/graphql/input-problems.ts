import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import type { FieldProblem } from '../core/domain-error.ts';

/** Characters of a path that are repeated: a client may have made up the name of a field. */
const longestPath = 200;
/** Nobody mends more at once. */
const mostProblems = 20;

/**
 * The variables of an operation that don't fit their types: where and why, never what they were.
 *
 * Attack: an input object of thousands of unknown fields, each of which would become a line of the
 * answer. The first few are named.
 */
export function inputProblems(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const enough = new Error('enough');
  const note = (problem: FieldProblem) => {
    if (problems.some(({ path, rule }) => path === problem.path && rule === problem.rule)) return;
    problems.push(problem);
    if (problems.length >= mostProblems) throw enough;
  };
  try {
    readVariables(schema, operation, variables, note);
  } catch (error) {
    if (error !== enough) throw error;
  }
  return problems;
}

function readVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  note: (problem: FieldProblem) => void,
): void {
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) continue;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined && definition.defaultValue) continue;
    coerceInputValue(value, type, (path, invalidValue, error) => {
      note(problemOf({ name, path, invalidValue, error }));
    });
  }
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
  const at = place.join('.').slice(0, longestPath);
  if (missing !== undefined || invalidValue === null || invalidValue === undefined) {
    return { path: at, rule: 'REQUIRED', message: 'This field is required.' };
  }
  const unknown = /^Field "(\w+)" is not defined/.exec(error.message)?.[1];
  if (unknown !== undefined) {
    const message = 'There is no such field.';
    return { path: [...path, unknown].join('.').slice(0, longestPath), rule: 'UNKNOWN', message };
  }
  const { rule } = error.extensions;
  return typeof rule === 'string'
    ? { path: at, rule, message: error.message }
    : { path: at, rule: 'TYPE', message: 'This value does not fit its type.' };
}
