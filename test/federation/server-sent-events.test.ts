import { PassThrough, Readable } from 'node:stream';
import { readServerSentEvents } from '../../src/federation/server-sent-events.ts';

async function eventsOf(chunks: readonly string[], largest = 1_000): Promise<readonly string[]> {
  const events: string[] = [];
  for await (const event of readServerSentEvents(Readable.from(chunks), largest)) {
    events.push(event);
  }
  return events;
}

describe('server-sent events', () => {
  it('are read whole, however they are cut, until the last', async () => {
    const text =
      ':\n\nevent: next\ndata: {"a":\ndata: 1}\n\nevent:next\r\ndata:2\r\n\r\nevent: complete\n\n';
    for (const size of [1, 3, 1_000]) {
      const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(await eventsOf([...chunks, 'event: next\ndata: 3\n\n'])).toEqual(['{"a":\n1}', '2']);
    }
  });

  it('are a bad answer when one never ends, or the stream breaks off', async () => {
    const endless = Array.from({ length: 100 }, () => `data: ${'x'.repeat(100)}\n`);
    await expect(eventsOf(endless)).rejects.toMatchObject({ message: 'too large' });
    await expect(eventsOf(['event: next\ndata: 1\n\n'])).rejects.toMatchObject({
      message: 'the stream broke off',
    });
  });

  it('let go of who waits for one that does not come', async () => {
    const body = new PassThrough();
    const events = readServerSentEvents(body, 1_000);
    const next = events.next();
    await events.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(body.destroyed).toBe(true);
  });
});
