import { type ASTNode, Kind, parse, print, type SelectionNode, visit } from 'graphql';

/** An operation with one selection less each, the largest first. */
export function* shorterQueries(query: string): Generator<string> {
  const document = parse(query, { noLocation: true });
  const selections: SelectionNode[] = [];
  visit(document, {
    SelectionSet({ selections: each }) {
      if (each.length > 1) selections.push(...each);
    },
  });
  for (const selection of selections) yield* without(document, selection);
  const conditional: ASTNode[] = [];
  visit(document, {
    enter(node) {
      if (node.kind === Kind.DIRECTIVE || node.kind === Kind.ARGUMENT) conditional.push(node);
    },
  });
  for (const node of conditional) yield* without(document, node);
  const aliased: ASTNode[] = [];
  visit(document, {
    Field(field) {
      if (field.alias) aliased.push(field.alias);
    },
  });
  for (const node of aliased) yield* without(document, node);
}

function* without(document: ASTNode, unwanted: ASTNode): Generator<string> {
  const text = print(visit(document, { enter: (node) => (node === unwanted ? null : undefined) }));
  try {
    const spreads = new Set(text.match(/\.\.\.F\d+/g) ?? []);
    yield print(
      visit(parse(text, { noLocation: true }), {
        FragmentDefinition: ({ name }) => (spreads.has(`...${name.value}`) ? undefined : null),
        VariableDefinition: ({ variable }) =>
          (text.match(new RegExp(`\\$${variable.name.value}\\b`, 'g'))?.length ?? 0) > 1
            ? undefined
            : null,
      }),
    );
  } catch {
    // Without it the rest is no document.
  }
}
