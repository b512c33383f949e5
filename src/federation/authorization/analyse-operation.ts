import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
} from 'graphql';
import type { GraphOperation } from '../engine.ts';
import { rootFieldsOf } from '../root-fields.ts';
import { conditionVariables, withoutSkipped } from '../skipped-selections.ts';
import type { AccessRules } from './access-rules.ts';
import { type FilteredOperation, filterOperation, requirementsOf } from './filter-operation.ts';
import { keyOf, type Requirement } from './requirement.ts';

/** What an operation asks of its caller, with these values of the variables that decide what it is. */
export interface Analysis {
  readonly requirements: readonly Requirement[];
  /** Whether it signs somebody in, and does nothing else. */
  readonly signsIn: boolean;
  readonly without: (denied: readonly Requirement[]) => FilteredOperation;
}

type AskedOperation = Pick<GraphOperation<never>, 'document' | 'operationName' | 'variables'>;

/** @returns why the variables don't fit, where that keeps `@skip` and `@include` from being evaluated */
export type AnalyseOperation = (
  operation: AskedOperation,
) => Analysis | { readonly errors: readonly GraphQLError[] };

/** Analyses are kept for as long as their document is, a few for each. */
const remembered = 32;

export function createAnalyses(
  schema: GraphQLSchema,
  rules: AccessRules,
  signInFields: ReadonlySet<string>,
): AnalyseOperation {
  const known = new WeakMap<DocumentNode, Map<string, KnownOperation>>();

  return ({ document, operationName, variables }) => {
    const ofDocument = remember(known, document, () => new Map<string, KnownOperation>());
    const operation = remember(ofDocument, operationName ?? '', () =>
      read(document, operationName),
    );
    const { whole, conditions } = operation;
    if (!conditions) return whole;

    const { variableDefinitions = [] } = getOperationAST(document, operationName) ?? {};
    const { coerced, errors } = getVariableValues(schema, variableDefinitions, { ...variables });
    if (!coerced) return { errors };
    const key = [...conditions].map((name) => Number(coerced[name] === true)).join('');
    if (operation.shortened.size >= remembered) operation.shortened.clear();
    return remember(operation.shortened, key, () =>
      analyse(withoutSkipped(document, coerced), operationName, whole.signsIn),
    );
  };

  function read(document: DocumentNode, operationName: string | undefined): KnownOperation {
    const signsIn = isSignIn(document, operationName);
    const whole = analyse(document, operationName, signsIn);
    return {
      whole,
      conditions: whole.requirements.length === 0 ? undefined : conditionVariables(document),
      shortened: new Map(),
    };
  }

  function analyse(
    document: DocumentNode,
    operationName: string | undefined,
    signsIn: boolean,
  ): Analysis {
    const made = new Map<string, FilteredOperation>();
    return {
      signsIn,
      requirements: requirementsOf(document, operationName, schema, rules),
      without(denied) {
        const keys = new Set(denied.map(keyOf));
        const isAllowed = (requirement: Requirement) => !keys.has(keyOf(requirement));
        if (made.size >= remembered) made.clear();
        return remember(made, [...keys].sort().join(), () =>
          filterOperation(document, operationName, schema, rules, isAllowed),
        );
      },
    };
  }

  function isSignIn(document: DocumentNode, operationName: string | undefined): boolean {
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'mutation') return false;
    const names = rootFieldsOf(operation.selectionSet, document).map(({ name }) => name.value);
    const asked = names.filter((name) => name !== '__typename');
    return asked.length > 0 && asked.every((name) => signInFields.has(name));
  }
}

interface KnownOperation {
  readonly whole: Analysis;
  /** The variables that `@skip` and `@include` look at, where there are any and rules too. */
  readonly conditions: ReadonlySet<string> | undefined;
  /** By the values of those. */
  readonly shortened: Map<string, Analysis>;
}

function remember<Key, Value>(
  memory: {
    readonly get: (key: Key) => Value | undefined;
    readonly set: (key: Key, value: Value) => unknown;
  },
  key: Key,
  make: () => Value,
): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}
