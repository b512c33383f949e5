import type { Passes } from './passes.ts';
import type { Session } from './session.ts';
import { toGatehouseError } from './to-gatehouse-error.ts';
import { type Post, post } from './wire/post.ts';
import type { TypedDocument } from './wire/typed-document.ts';
import { withPass } from './with-pass.ts';

export function createSessionRequest(
  passes: Passes,
  wire: Pick<Post, 'url' | 'fetch' | 'headers'>,
): Session['request'] {
  return async (document, variables) => {
    const query = textOf(document);
    const { data, errors } = await withPass(passes, async ({ token, signal }) => {
      const answer = await post({
        ...wire,
        query,
        variables,
        bearer: token,
        patience: 30_000,
        signal,
      });
      return { answer, body: answer, isRepeatable: !answer.data || !/\bmutation\b/.test(query) };
    });
    if (errors?.[0]) throw toGatehouseError(errors);
    return data as never;
  };
}

function textOf(document: TypedDocument<unknown, never>): string {
  const text =
    typeof document === 'string' ? document : (document.loc?.source.body ?? `${document}`);
  if (/^\[/.test(text)) throw new TypeError('No text: give print(document).');
  return text;
}
