/**
 * Each event of a source as something else. Unlike a generator it passes the wish to end on at once,
 * also while it waits for an event that may never come.
 */
export function mapEvents<From, To>(
  source: AsyncIterable<From>,
  map: (event: From) => Promise<To>,
  onFailure: (error: unknown) => To,
): AsyncIterableIterator<To> {
  const iterator = source[Symbol.asyncIterator]();
  let isOver = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isOver) return { done: true, value: undefined };
      try {
        const { done, value } = await iterator.next();
        return done ? { done, value: undefined } : { done: false, value: await map(value) };
      } catch (error) {
        // What breaks because it was told to end has not failed.
        if (isOver) return { done: true, value: undefined };
        isOver = true;
        return { done: false, value: onFailure(error) };
      }
    },
    async return() {
      isOver = true;
      await iterator.return?.();
      return { done: true, value: undefined };
    },
  };
}
