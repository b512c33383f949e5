import { readFileSync } from 'node:fs';

/** A GraphQL document of a page, with the variables that stand below it. */
export interface MarkdownDocument {
  readonly name: string;
  readonly document: string;
  readonly variables: string;
}

/** The documents of a page, in order, each named as its operation is. */
export function documentsOf(page: string): readonly MarkdownDocument[] {
  const fences = /```graphql\n(.*?)```(?:\s*```json\n(.*?)```)?/gs;
  return [...readFileSync(page, 'utf8').matchAll(fences)].map(
    ([, document = '', variables = '{}']) => ({
      name: /(?:query|mutation) (\w+)/.exec(document)?.[1] ?? document,
      document,
      variables,
    }),
  );
}
