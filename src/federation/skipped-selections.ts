import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** The values of an operation's variables, defaults included. */
type VariableValues = Readonly<Record<string, unknown>>;

/** The variables that `@skip` and `@include` look at, or undefined for a document without either. */
export function conditionVariables(document: DocumentNode): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  let isConditional = false;
  visit(document, {
    Directive(directive) {
      if (!isCondition(directive)) return;
      isConditional = true;
      const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return isConditional ? names : undefined;
}

/**
 * The document as `@skip` and `@include` leave it (GraphQL sections 3.13.1 and 3.13.2). What is left out
 * was never asked for: no rule looks at it. Selection sets may be empty then.
 */
export function withoutSkipped(document: DocumentNode, values: VariableValues): DocumentNode {
  return visit(document, {
    SelectionSet: (set): SelectionSetNode => ({
      ...set,
      selections: set.selections
        .filter(({ directives = [] }) => directives.every((one) => isKeptBy(one, values)))
        .map(unconditional),
    }),
  });
}

function unconditional(selection: SelectionNode): SelectionNode {
  const { directives = [] } = selection;
  if (!directives.some(isCondition)) return selection;
  return { ...selection, directives: directives.filter((one) => !isCondition(one)) };
}

function isKeptBy(directive: DirectiveNode, values: VariableValues): boolean {
  if (!isCondition(directive)) return true;
  const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
  const holds =
    value?.kind === Kind.VARIABLE
      ? values[value.name.value] === true
      : value?.kind === Kind.BOOLEAN && value.value;
  return directive.name.value === 'skip' ? !holds : holds;
}

function isCondition({ name }: DirectiveNode | ConstDirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}
