/** Makes an identifier: a UUID version 7 (RFC 9562 section 5.7), so that keys arrive in index order. */
export type NewId = () => string;

/** Returns `size` bytes of a cryptographically secure source. */
export type RandomBytes = (size: number) => Buffer;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is an identifier as we write it. Anything else never reaches a query. */
export function isId(text: string): boolean {
  return uuid.test(text);
}
