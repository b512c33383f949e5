import { createAskStanding } from '../../src/sessions/ask-standing.ts';
import type { NotableSession } from '../../src/sessions/notable-session.ts';

describe('asking for the standing of access tokens', () => {
  const session = (sessionId: string, changes: Partial<NotableSession> = {}): NotableSession => ({
    sessionId,
    userId: 'ada',
    revoked: false,
    outdatedGeneration: 0,
    replaced: null,
    ...changes,
  });
  const asker = (...args: Parameters<typeof createAskStanding>) => {
    const ask = createAskStanding(...args);
    return (sid: string, gen: number) => ask({ sub: 'ada', sid, gen });
  };
  /** A database whose answers come when the test says so. */
  function slowDatabase() {
    const queries: {
      ids: readonly string[];
      answer: (sessions: readonly NotableSession[]) => void;
      fail: (error: Error) => void;
    }[] = [];
    const ask = asker(
      (keys) =>
        new Promise((resolve, reject) => {
          queries.push({
            ids: keys.map(({ sessionId }) => sessionId),
            answer: resolve,
            fail: reject,
          });
        }),
    );
    return { ask, queries };
  }
  /** Lets everything happen that waits for nothing outside. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it.each([
    ['good', session('s'), 1],
    ['revoked', session('s', { revoked: true }), 1],
    ['outdated', session('s', { outdatedGeneration: 2 }), 2],
    ['replaced', session('s', { replaced: { from: 3, to: 4 } }), 4],
  ])('calls a token %s as its session says', async (standing, found, generation) => {
    const ask = asker(async () => [found]);
    await expect(ask('s', generation)).resolves.toBe(standing);
  });

  it('calls a token revoked whose session is gone', async () => {
    const ask = asker(async () => []);
    await expect(ask('s', 1)).resolves.toBe('revoked');
  });

  it('asks for many in one query, each session once', async () => {
    const { ask, queries } = slowDatabase();
    const standings = [ask('a', 1), ask('b', 1), ask('a', 2)];
    await settle();
    expect(queries.map(({ ids }) => ids)).toEqual([['a', 'b']]);
    queries[0]?.answer([session('a', { outdatedGeneration: 1 }), session('b', { revoked: true })]);
    await expect(Promise.all(standings)).resolves.toEqual(['outdated', 'revoked', 'good']);
  });

  it('collects what comes while a query runs, for the next: what was read before may be old', async () => {
    const { ask, queries } = slowDatabase();
    const first = ask('a', 1);
    await settle();
    const later = [ask('a', 1), ask('b', 1)];
    await settle();
    expect(queries).toHaveLength(1);
    queries[0]?.answer([session('a')]);
    await expect(first).resolves.toBe('good');
    await settle();
    expect(queries[1]?.ids).toEqual(['a', 'b']);
    queries[1]?.answer([session('a', { revoked: true }), session('b')]);
    await expect(Promise.all(later)).resolves.toEqual(['revoked', 'good']);
  });

  it('fails all that were asked together, and asks anew for the next', async () => {
    const { ask, queries } = slowDatabase();
    const failed = Promise.allSettled([ask('a', 1), ask('b', 1)]);
    await settle();
    queries[0]?.fail(new Error('away'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = ask('a', 1);
    await settle();
    queries[1]?.answer([session('a')]);
    await expect(next).resolves.toBe('good');
  });
});
