import { BadUserInput } from '../core/domain-error.ts';
import { isId } from '../core/random.ts';

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

/** The place of an entry in a list that is ordered by a time, and then by id. */
export interface TimeKey {
  readonly at: Date;
  readonly id: string;
}

/** As `readPage`, of a list that is ordered by time. @throws BadUserInput */
export function readTimePage(
  first: number,
  after: string | null | undefined,
): { readonly first: number; readonly after: TimeKey | null } {
  const page = readPage(first, null);
  return { ...page, after: after ? readTimeCursor(after) : null };
}

export function timeCursorOf({ at, id }: TimeKey): string {
  return Buffer.from(`${at.getTime()} ${id}`).toString('base64url');
}

function readTimeCursor(cursor: string): TimeKey {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const key = { at: new Date(Number(time)), id };
  if (!isId(id) || !/^\d{1,14}$/.test(time) || timeCursorOf(key) !== cursor) throw noCursor();
  return key;
}

function noCursor(): BadUserInput {
  return new BadUserInput([{ path: 'after', rule: 'CURSOR', message: 'This is no cursor.' }]);
}

/** A cursor is the id of an entry; clients must not read it, so it does not look like one. */
export function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function readCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (id.length !== 36 || cursorOf(id) !== cursor) {
    throw noCursor();
  }
  return id;
}

/** The shape of a Relay connection over nodes that were asked for with one more than the page holds. */
export function toConnection<Node>(
  found: readonly Node[],
  { first, after }: { readonly first: number; readonly after: unknown },
  cursorFor: (node: Node) => string,
) {
  const edges = found.slice(0, first).map((node) => ({ node, cursor: cursorFor(node) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: found.length > first,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
