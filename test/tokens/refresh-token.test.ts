import { createHash, randomBytes } from 'node:crypto';
import {
  createRefreshTokens,
  refreshTokenHash,
  successorSecret,
} from '../../src/tokens/refresh-token.ts';

const first = 'the first secret of these tests, 32 bytes';
const second = 'the second secret of these tests, 32 bytes';
const token = {
  userId: '01890a5d-ac96-774b-bcce-b302099a8056',
  sessionId: '01890a5d-ac96-774b-bcce-b302099a8057',
  generation: 4_000_000_000,
  secret: randomBytes(32),
};

/** By the build before tokens carried the user. */
const writtenBefore =
  'ghr_AZt4AucBiQpdrJZ3S7zOswIJmoBX7msoAAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHdJ_4NpF2gbc83Q8jldV3C1tFnLd7Ut2m3fmSnrXzC8E';

describe('refresh tokens', () => {
  const tokens = createRefreshTokens([first]);
  const written = tokens.write(token);

  it('are read as they were written, under a recognisable prefix', () => {
    expect(written).toMatch(/^gtr_[A-Za-z0-9_-]+$/);
    expect(tokens.read(written)).toEqual({ kind: 'genuine', token });
  });

  it('are read in their first version, which did not carry the user', () => {
    const former = { ...token, userId: undefined };
    const text = tokens.write(former);
    expect(text).toMatch(/^ghr_[A-Za-z0-9_-]{119}$/);
    expect(tokens.read(text)).toEqual({ kind: 'genuine', token: former });
    // Neither version passes for the other.
    expect(tokens.read(text.replace('ghr_', 'gtr_')).kind).toBe('refused');
    expect(tokens.read(written.replace('gtr_', 'ghr_')).kind).toBe('refused');
  });

  it('read a token that a build of before wrote', () => {
    expect(tokens.read(writtenBefore)).toEqual({
      kind: 'genuine',
      token: { ...token, userId: undefined, secret: Buffer.alloc(32, 7) },
    });
  });

  it('are refused with any of their bits changed', () => {
    const bytes = Buffer.from(written.slice(4), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      const index = bit >> 3;
      changed[index] = (changed[index] ?? 0) ^ (1 << (bit & 7));
      expect(tokens.read(`gtr_${changed.toString('base64url')}`).kind).toBe('refused');
    }
  });

  it('have one spelling', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const start = written.slice(0, -1);
    const readable = [...alphabet].filter((last) => tokens.read(start + last).kind === 'genuine');
    expect(readable).toEqual([written.slice(-1)]);
    for (const other of [
      `${written}=`,
      `${written} `,
      ` ${written}`,
      written.toUpperCase(),
      written.replace('gtr_', ''),
    ]) {
      expect(tokens.read(other)).toEqual({ kind: 'refused', reason: 'malformed' });
    }
  });

  it.each(['', 'gtr_', 'gtr_\0', 'gtr_'.padEnd(200, 'A'), 'x'.repeat(1_000_000)])(
    'are not garbage (%#)',
    (text) => {
      expect(tokens.read(text).kind).toBe('refused');
    },
  );

  it('tell a token of another deployment from one that was altered', () => {
    const foreign = createRefreshTokens([second]).write(token);
    expect(tokens.read(foreign)).toEqual({ kind: 'refused', reason: 'foreign' });
    const bytes = Buffer.from(written.slice(4), 'base64url');
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    expect(tokens.read(`gtr_${bytes.toString('base64url')}`)).toEqual({
      kind: 'refused',
      reason: 'altered',
    });
  });

  it('are read under every secret of the list, and written under the first', () => {
    const turned = createRefreshTokens([second, first]);
    expect(turned.read(written)).toEqual({ kind: 'genuine', token });
    expect(createRefreshTokens([second]).read(turned.write(token)).kind).toBe('genuine');
    expect(tokens.read(turned.write(token)).kind).toBe('refused');
  });

  it('need a secret', () => {
    expect(() => createRefreshTokens([])).toThrow('no refresh token secret');
  });
});

describe('the hash and the successor of a refresh token', () => {
  const salt = randomBytes(32);

  it('are the same for whoever holds the same token, whatever secret made its MAC', () => {
    const copy = { ...token, secret: Buffer.from(token.secret) };
    expect(successorSecret(copy, salt)).toEqual(successorSecret(token, salt));
    expect(refreshTokenHash(copy)).toEqual(refreshTokenHash(token));
  });

  it.each([
    ['another user', { userId: '01890a5d-ac96-774b-bcce-b302099a8058' }],
    ['no user, as in the first version', { userId: undefined }],
    ['another session', { sessionId: '01890a5d-ac96-774b-bcce-b302099a8058' }],
    ['another generation', { generation: 1 }],
    ['other secret bytes', { secret: randomBytes(32) }],
  ])('differ for %s', (_name, change) => {
    const other = { ...token, ...change };
    expect(successorSecret(other, salt)).not.toEqual(successorSecret(token, salt));
    expect(refreshTokenHash(other)).not.toEqual(refreshTokenHash(token));
  });

  it('can not be derived without the salt', () => {
    expect(successorSecret(token, randomBytes(32))).not.toEqual(successorSecret(token, salt));
    expect(successorSecret(token, salt)).toHaveLength(32);
  });

  it('do not hold the secret bytes', () => {
    expect(refreshTokenHash(token)).not.toEqual(createHash('sha256').update(token.secret).digest());
    expect(refreshTokenHash(token).includes(token.secret)).toBe(false);
  });
});
