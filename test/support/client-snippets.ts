import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Code of a page below docs/clients. */
export interface ClientSnippet {
  readonly page: string;
  /** Such as `apollo-1`: the first one of apollo.md. */
  readonly name: string;
  readonly ending: string;
  readonly code: string;
}

export const clientPages = readdirSync('docs/clients');

export const clientSnippets: readonly ClientSnippet[] = clientPages.flatMap((page) => {
  const text = readFileSync(join('docs/clients', page), 'utf8');
  return [...text.matchAll(/^```(tsx?)\n(.*?)^```/gms)].map(
    ([, ending = '', code = ''], index) => ({
      page,
      name: `${page.replace('.md', '')}-${index + 1}`,
      ending,
      code,
    }),
  );
});
