import type { RunForEach } from '../../src/db/for-each.ts';
import { createRotationBatches } from '../../src/db/stores/rotation-batches.ts';
import type { Rotation } from '../../src/sessions/session-store.ts';
import { untilSomebodyWaits } from '../support/lock-waits.ts';
import { createSessionDomain } from '../support/session-domain.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { postgresUrl } from '../support/test-databases.ts';

const rotationOf = (sessionId: string) => ({ sessionId }) as Rotation;

describe('rotations that are asked for at one moment', () => {
  /** Answers when it is told to, with a row for each session that is not refused. */
  const open = (refused: readonly string[] = []) => {
    const statements: { readonly sessions: readonly string[]; readonly answer: () => void }[] = [];
    const run = ((_statement: unknown, values: readonly (readonly string[])[]) =>
      new Promise((resolve, reject) => {
        const sessions = values.map(([, id = '']) => id);
        statements.push({
          sessions,
          answer: () =>
            sessions.some((id) => refused.includes(id))
              ? reject(new Error('refused'))
              : resolve(sessions.map((session_id) => ({ session_id }))),
        });
      })) as unknown as RunForEach;
    let time = 0;
    const rotate = createRotationBatches(run, () => time);
    return {
      pass: (milliseconds: number) => {
        time += milliseconds;
      },
      asked: () => statements.map(({ sessions }) => sessions),
      answer: (at: number) => statements[at]?.answer(),
      rotate: async (sessionId: string) =>
        (await rotate(rotationOf(sessionId)))?.session.id ?? 'nothing done',
    };
  };
  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  it('share one statement, and each gets its own session', async () => {
    const { rotate, asked, answer } = open();
    const rotated = Promise.all(['a', 'b', 'c'].map(rotate));
    await turn();
    expect(asked()).toEqual([['a', 'b', 'c']]);
    answer(0);
    expect(await rotated).toEqual(['a', 'b', 'c']);
  });

  it('do nothing for a second one of the same session, as for the loser of a race', async () => {
    const { rotate, asked, answer } = open();
    const rotated = Promise.all(['a', 'b', 'a'].map(rotate));
    await turn();
    expect(asked()).toEqual([['a', 'b']]);
    answer(0);
    expect(await rotated).toEqual(['a', 'b', 'nothing done']);
  });

  it('collect while two statements are under way, and go on with the first that ends', async () => {
    const { rotate, asked, answer } = open();
    const rotated: Promise<string>[] = [];
    for (const id of ['a', 'b', 'c', 'd']) {
      rotated.push(rotate(id));
      await turn();
    }
    expect(asked()).toEqual([['a'], ['b']]);
    answer(1);
    await turn();
    expect(asked()).toEqual([['a'], ['b'], ['c', 'd']]);
    answer(2);
    answer(0);
    expect(await Promise.all(rotated)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are refused after two seconds in the line, and those behind them go on', async () => {
    const { rotate, asked, answer, pass } = open();
    const rotated: Promise<string>[] = [];
    for (const id of ['a', 'b', 'late', 'in time']) {
      rotated.push(rotate(id));
      await turn();
      pass(700);
    }
    const refused = expect(rotated[2]).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    pass(700);
    answer(0);
    await turn();
    expect(asked()).toEqual([['a'], ['b'], ['in time']]);
    answer(2);
    await refused;
    expect(await rotated[3]).toBe('in time');
  });

  it('fail together, and once, where the database does', async () => {
    const { rotate, asked, answer } = open(['b']);
    const rotated = Promise.allSettled(['a', 'b', 'c'].map(rotate));
    await turn();
    answer(0);
    expect((await rotated).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(asked()).toHaveLength(1);
  });
});

describe('refreshes of many people at one moment', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  let domain: ReturnType<typeof createSessionDomain>;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
    domain = createSessionDomain({ ...database, clock });
  });
  afterAll(() => database.stop());

  it('give each person their own session, token and roles', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => domain.signUp()));
    const refreshed = await Promise.all(
      people.map(({ refreshToken }) => domain.refresh(refreshToken.token)),
    );
    expect(refreshed.map(({ session }) => session.id)).toEqual(
      people.map(({ session }) => session.id),
    );
    expect(refreshed.map(({ account }) => account.email)).toEqual(
      people.map(({ account }) => account.email),
    );
    expect(new Set(refreshed.map(({ refreshToken }) => refreshToken.token)).size).toBe(20);
    await Promise.all(refreshed.map(({ refreshToken }) => domain.refresh(refreshToken.token)));
  });

  // The embedded database has one connection, and nobody ever waits for a lock.
  if (postgresUrl !== undefined) {
    it('wait for nobody whose account or session somebody holds, and do the others at once', async () => {
      const [account, session, ...others] = await Promise.all(
        [1, 2, 3, 4].map(() => domain.signUp()),
      );
      const heldOnes = [account, session].map((person) => person?.refreshToken.token ?? '');
      const waiting = await database.withSql(async (query) => {
        await query('SELECT id FROM users WHERE id = $1 FOR UPDATE', [account?.account.id]);
        await query('SELECT id FROM sessions WHERE id = $1 FOR UPDATE', [session?.session.id]);
        const held = heldOnes.map((token) => domain.refresh(token));
        await Promise.all(others.map(({ refreshToken }) => domain.refresh(refreshToken.token)));
        return { held: Promise.all(held) };
      });
      expect((await waiting.held).map(({ session: { generation } }) => generation)).toEqual([2, 2]);
    });

    it('wait for no crowd that asks for one session, which somebody holds', async () => {
      const [crowded, ...others] = await Promise.all([1, 2, 3].map(() => domain.signUp()));
      const { held } = await database.withSql(async (query) => {
        await query('SELECT id FROM sessions WHERE id = $1 FOR UPDATE', [crowded?.session.id]);
        const held = Array.from({ length: 20 }, () =>
          domain.refresh(crowded?.refreshToken.token ?? ''),
        );
        const refreshed = untilSomebodyWaits(database).then(() =>
          Promise.all(others.map(({ refreshToken }) => domain.refresh(refreshToken.token))),
        );
        const first = await Promise.race([
          Promise.race(held.map((each) => each.catch(() => {}))).then(() => 'the crowd'),
          refreshed.then(() => 'the others'),
        ]);
        expect(first).toBe('the others');
        return { held: Promise.all(held) };
      });
      expect(new Set((await held).map(({ refreshToken }) => refreshToken.token)).size).toBe(1);
    });
  }
});
