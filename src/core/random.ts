/** Makes an identifier: a UUID version 7 (RFC 9562 section 5.7), so that keys arrive in index order. */
export type NewId = () => string;

/** Returns `size` bytes of a cryptographically secure source. */
export type RandomBytes = (size: number) => Buffer;
