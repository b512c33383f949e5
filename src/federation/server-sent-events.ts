import type { Readable } from 'node:stream';
import { BadAnswer } from './subgraph-answer.ts';

/**
 * The data of each `next` event, until `complete` (GraphQL over SSE, distinct connections mode; the
 * format is that of the HTML standard, section 9.2).
 *
 * Attack: an event that never ends fills the memory. Beyond `largest` bytes it is a bad answer.
 *
 * @throws BadAnswer
 */
export function readServerSentEvents(
  body: Readable,
  largest: number,
): AsyncIterableIterator<string> {
  const chunks = body.setEncoding('utf8')[Symbol.asyncIterator]();
  let pending = '';
  let isOver = false;

  const end = () => {
    isOver = true;
    // Whoever waits for the next chunk is woken by its end.
    body.on('error', () => {}).destroy();
    return { done: true as const, value: undefined };
  };

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      for (;;) {
        const found = /\r?\n\r?\n/.exec(pending);
        if (found) {
          const { event, data } = readEvent(pending.slice(0, found.index));
          pending = pending.slice(found.index + found[0].length);
          if (event === 'complete') return end();
          if (event === 'next') return { done: false, value: data };
          continue;
        }
        if (pending.length > largest) {
          end();
          throw new BadAnswer('too large');
        }
        const { done, value } = await chunks.next().catch((error: unknown) => {
          if (isOver) return { done: true, value: '' };
          throw error;
        });
        if (isOver) return end();
        if (done) {
          end();
          throw new BadAnswer('the stream broke off');
        }
        pending += value;
      }
    },
    async return() {
      return end();
    },
  };
}

function readEvent(text: string): { readonly event: string; readonly data: string } {
  let event = 'message';
  const data: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, field, value = ''] = /^(\w+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return { event, data: data.join('\n') };
}
