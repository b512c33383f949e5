/** A message of PostgreSQL's frontend protocol, complete with its head. */
export interface FrontendMessage {
  /** Its type byte as text; '' for the messages that open a connection and have none. */
  readonly type: string;
  readonly bytes: Buffer;
}

export const syncMessage = Buffer.from('S\0\0\0\x04', 'latin1');
export const rollbackMessage = Buffer.from('Q\0\0\0\x0dROLLBACK\0', 'latin1');

/** A question before the connection opens, whose answer is a single byte. */
export function asksForEncryption({ type, bytes }: FrontendMessage): boolean {
  return type === '' && [80_877_103, 80_877_104].includes(bytes.readInt32BE(4));
}

export function asksForCancellation({ type, bytes }: FrontendMessage): boolean {
  return type === '' && bytes.readInt32BE(4) === 80_877_102;
}

/** Cuts what arrives into messages. The first ones have no type, until one opened the connection. */
export function createMessageReader(): (chunk: Buffer) => readonly FrontendMessage[] {
  let rest: Buffer = Buffer.alloc(0);
  let isOpen = false;

  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: FrontendMessage[] = [];
    for (;;) {
      const head = isOpen ? 1 : 0;
      if (rest.length < head + 4) return messages;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return messages;
      const message = {
        type: rest.toString('latin1', 0, head),
        bytes: rest.subarray(0, length),
      };
      rest = rest.subarray(length);
      messages.push(message);
      isOpen ||= !asksForEncryption(message) && !asksForCancellation(message);
    }
  };
}

export interface BackendAnswer {
  readonly bytes: Buffer;
  /** Whether the session is between two transactions after it. */
  readonly isIdle: boolean;
}

/**
 * The answer to messages up to the one that asks whether the server is ready, as PostgreSQL gives it:
 * with one ReadyForQuery, at its end. PGlite gives another one after each error in an extended query
 * (electric-sql/pglite#958), and a client takes the next statement for done that did not begin.
 */
export function readAnswer(raw: Buffer, wantsReady: boolean): BackendAnswer {
  const messages: Buffer[] = [];
  let ready: Buffer | undefined;
  for (let start = 0; start < raw.length; ) {
    const end = start + 1 + raw.readInt32BE(start + 1);
    const message = raw.subarray(start, end);
    if (message.toString('latin1', 0, 1) === 'Z') ready = message;
    else messages.push(message);
    start = end;
  }
  return {
    bytes: Buffer.concat(ready && wantsReady ? [...messages, ready] : messages),
    isIdle: wantsReady && ready?.toString('latin1', 5) === 'I',
  };
}
