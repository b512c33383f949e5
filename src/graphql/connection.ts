import { BadUserInput } from '../core/domain-error.ts';

export const defaultPageSize = 20;
export const largestPage = 100;

/** Where a page begins, from the arguments of a Relay connection. @throws BadUserInput */
export function readPage(
  first: number,
  after: string | null | undefined,
): { readonly first: number; readonly after: string | null } {
  if (first < 1 || first > largestPage) {
    const message = `A page has 1 to ${largestPage} entries.`;
    throw new BadUserInput([{ path: 'first', rule: 'RANGE', message }]);
  }
  return { first, after: after ? readCursor(after) : null };
}

/** A cursor is the id of an entry; clients must not read it, so it does not look like one. */
export function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function readCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (id.length !== 36 || cursorOf(id) !== cursor) {
    throw new BadUserInput([{ path: 'after', rule: 'CURSOR', message: 'This is no cursor.' }]);
  }
  return id;
}
