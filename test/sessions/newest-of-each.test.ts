import { randomBytes } from 'node:crypto';
import { RefreshRefused } from '../../src/sessions/errors.ts';
import { newestOfEach, useFirstGood } from '../../src/sessions/newest-of-each.ts';
import { createRefreshTokens } from '../../src/tokens/refresh-token.ts';

const tokens = createRefreshTokens(['a secret of the test, 32 bytes long']);
const userId = '01890a5d-ac96-774b-bcce-b302099a8057';

/** @param age the larger, the older */
const tokenOf = (age: number, generation = 1) =>
  tokens.write({
    userId,
    sessionId: `01890a5d-ac96-774b-bcce-${String(900_000_000_000 - age)}`,
    generation,
    secret: randomBytes(32),
  });

describe('of several cookies of one name', () => {
  const dead = Array.from({ length: 7 }, (_, age) => tokenOf(age));
  const good = tokenOf(100);

  it('the good one counts, however many newer ones of a browser are dead', async () => {
    for (const presented of [
      [...dead, good],
      [good, ...dead],
    ]) {
      const tried: string[] = [];
      const used = await useFirstGood(presented, tokens, async (token) => {
        tried.push(token);
        if (token !== good) throw new RefreshRefused('SESSION_REVOKED');
        return token;
      });
      expect(used).toBe(good);
      expect(tried).toHaveLength(8);
    }
  });

  it('nothing is looked up after the good one', async () => {
    const tried: string[] = [];
    await useFirstGood([...dead, good], tokens, async (token) => tried.push(token));
    expect(tried).toEqual([dead[0]]);
  });

  it('eight are looked up at most: those of the newest sessions', () => {
    const many = Array.from({ length: 100 }, (_, age) => tokenOf(age));
    expect(newestOfEach(many.toReversed(), tokens)).toEqual(many.slice(0, 8));
  });

  it('those of one session count once, by the newest', () => {
    const generations = Array.from({ length: 50 }, (_, at) => tokenOf(1, at + 1));
    expect(newestOfEach([...generations, good], tokens)).toEqual([generations.at(-1), good]);
  });

  it('what we did not make costs nothing', () => {
    const foreign = createRefreshTokens(['another secret, 32 bytes long too']).write({
      userId,
      sessionId: userId,
      generation: 1,
      secret: randomBytes(32),
    });
    expect(newestOfEach([foreign, 'abc', good], tokens)).toEqual([good]);
    expect(newestOfEach([foreign, 'abc'], tokens)).toEqual([foreign]);
  });
});
