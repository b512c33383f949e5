import type { AccessTokenVerdict } from '../../src/tokens/access-token.ts';
import type { VerifiedClaims } from '../../src/tokens/access-token-claims.ts';
import { createVerifiedTokenCache } from '../../src/tokens/verified-token-cache.ts';
import { createTestClock } from '../support/test-clock.ts';

const start = 1_767_225_600;
const verified: AccessTokenVerdict = {
  kind: 'verified',
  claims: { exp: start + 900 } as VerifiedClaims,
};
const refused: AccessTokenVerdict = { kind: 'refused', reason: 'TOKEN_INVALID', detail: 'test' };

describe('the memory of verified tokens', () => {
  const open = () => {
    const clock = createTestClock(start * 1_000);
    const asked: string[] = [];
    const verify = (token: string) => {
      asked.push(token);
      return token.startsWith('good') ? verified : refused;
    };
    const looked: boolean[] = [];
    const cache = createVerifiedTokenCache({ verify }, clock.now, (known) => looked.push(known));
    return { clock, asked, looked, cache };
  };

  it('checks a good token once', () => {
    const { asked, cache } = open();
    expect([cache.verify('good'), cache.verify('good')]).toEqual([verified, verified]);
    expect(asked).toEqual(['good']);
  });

  it('checks a bad one each time, and keeps nothing of it', () => {
    const { asked, cache } = open();
    expect([cache.verify('bad'), cache.verify('bad')]).toEqual([refused, refused]);
    expect(asked).toEqual(['bad', 'bad']);
  });

  it('recalls a token by the whole header that clients send it in, and checks nothing for that', () => {
    const { asked, looked, cache } = open();
    expect(cache.recall('Bearer good')).toBeUndefined();
    cache.verify('good');
    expect(cache.recall('Bearer good')).toBe(verified);
    for (const other of ['good', 'bearer good', 'Bearer  good', 'Bearer good ', 'Bearer bad', '']) {
      expect(cache.recall(other)).toBeUndefined();
    }
    cache.verify('bad');
    expect(cache.recall('Bearer bad')).toBeUndefined();
    expect(asked).toEqual(['good', 'bad']);
    // A look-up that comes to nothing is counted where the token is checked.
    expect(looked).toEqual([false, true, false]);
  });

  it('recalls no token that has ended, or whose key may be gone', () => {
    const { clock, cache } = open();
    cache.verify('good');
    clock.advance(899_999);
    expect(cache.recall('Bearer good')).toBe(verified);
    clock.advance(1);
    expect(cache.recall('Bearer good')).toBeUndefined();
    cache.verify('good');
    cache.clear();
    expect(cache.recall('Bearer good')).toBeUndefined();
  });

  it('knows a token by its exact text', () => {
    const { asked, cache } = open();
    cache.verify('good');
    cache.verify('good ');
    expect(asked).toEqual(['good', 'good ']);
  });

  it('asks again from the second in which a token ends', () => {
    const { clock, asked, cache } = open();
    cache.verify('good');
    clock.advance(899_999);
    cache.verify('good');
    expect(asked).toHaveLength(1);
    clock.advance(1);
    cache.verify('good');
    expect(asked).toHaveLength(2);
  });

  it('forgets everything when a key was added or withdrawn', () => {
    const { asked, cache } = open();
    cache.verify('good');
    cache.clear();
    cache.verify('good');
    expect(asked).toHaveLength(2);
  });

  it('forgets what nobody showed for 10,000 others, and keeps what somebody did', () => {
    const { asked, cache } = open();
    cache.verify('good once');
    cache.verify('good often');
    for (let number = 0; number < 25_000; number += 1) {
      cache.verify(`good ${number}`);
      if (number % 1_000 === 0) cache.verify('good often');
    }
    const before = asked.length;
    cache.verify('good often');
    expect(asked.length).toBe(before);
    cache.verify('good once');
    expect(asked.length).toBe(before + 1);
  });
});
