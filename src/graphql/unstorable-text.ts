import { type DocumentNode, visit } from 'graphql';

/**
 * Attack: text that PostgreSQL can't store (NUL), or stores as something else (a lone surrogate
 * becomes U+FFFD, and two e-mail addresses become one). Nothing of ours ever needs either, so both
 * are refused in every string of a request, before any resolver runs.
 */
export function hasUnstorableText(value: unknown): boolean {
  // No recursion: a value may be nested deeper than the stack.
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string') {
      if (isUnstorable(next)) return true;
    } else if (typeof next === 'object' && next !== null) {
      for (const [key, inner] of Object.entries(next)) pending.push(key, inner);
    }
  }
  return false;
}

/** The same for the string literals of a document. */
export function documentHasUnstorableText(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    StringValue({ value }) {
      found ||= isUnstorable(value);
    },
  });
  return found;
}

function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}
