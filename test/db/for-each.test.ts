import { createRunForEach, forEach } from '../../src/db/for-each.ts';
import type { RunStatement, Statement } from '../../src/db/statement.ts';

describe('a statement for each of several people', () => {
  const greet = forEach(
    'greet',
    ({ given, person }) =>
      `WITH g AS (${given({ id: 'uuid', word: 'text' })}) UPDATE t FROM g WHERE t.id = ${person('g.id')}`,
  );
  const run = () => {
    const ran: (readonly [string, readonly unknown[]])[] = [];
    const answer = (async (statement: Statement, values: readonly unknown[]) => {
      ran.push([statement.name, values]);
      return [`row ${ran.length}`];
    }) as unknown as RunStatement;
    return { ran, answer };
  };

  it('takes arrays, or the values of one person, which each table is then told', () => {
    expect(greet.many.text).toBe(
      'WITH g AS (SELECT * FROM unnest($1::uuid[], $2::text[]) AS g (id, word)) UPDATE t FROM g WHERE t.id = g.id',
    );
    expect(greet.one.text).toBe(
      'WITH g AS (SELECT $1::uuid AS id, $2::text AS word FROM users WHERE id = $1) UPDATE t FROM g WHERE t.id = $1',
    );
  });

  it('runs once for many, and not at all for nobody', async () => {
    const { ran, answer } = run();
    const runForEach = createRunForEach(answer, false);
    expect(await runForEach(greet, [])).toEqual([]);
    expect(await runForEach(greet, [['ada', 'hi']])).toEqual(['row 1']);
    expect(
      await runForEach(greet, [
        ['ada', 'hi'],
        ['bob', 'ho'],
      ]),
    ).toEqual(['row 2']);
    expect(ran).toEqual([
      ['greet', ['ada', 'hi']],
      [
        'greet-many',
        [
          ['ada', 'bob'],
          ['hi', 'ho'],
        ],
      ],
    ]);
  });

  it('runs one after the other where rows are spread, in the given order', async () => {
    const { ran, answer } = run();
    expect(
      await createRunForEach(answer, true)(greet, [
        ['bob', 'ho'],
        ['ada', 'hi'],
      ]),
    ).toEqual(['row 1', 'row 2']);
    expect(ran).toEqual([
      ['greet', ['bob', 'ho']],
      ['greet', ['ada', 'hi']],
    ]);
  });
});
