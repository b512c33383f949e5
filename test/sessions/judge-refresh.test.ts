import { createHash } from 'node:crypto';
import { byPassword } from '../../src/core/assurance.ts';
import { judgeRefresh } from '../../src/sessions/judge-refresh.ts';
import type { Session, StoredRefreshToken } from '../../src/sessions/session.ts';

const windows = { grace: 10_000, lostResponseGrace: 24 * 3_600_000 };
const rotation = Date.UTC(2026, 0, 1);
const dayMilliseconds = 86_400_000;
const salt = Buffer.alloc(32, 7);
const hashOf = (generation: number) => createHash('sha256').update(`token ${generation}`).digest();
const at = (milliseconds: number) => new Date(rotation + milliseconds);

const account = {
  id: 'account',
  email: 'ada@example.com',
  username: null,
  firstName: null,
  lastName: null,
  avatarUrl: null,
  isGuest: false,
  emailVerifiedAt: null,
  disabledAt: null,
  createdAt: at(-dayMilliseconds),
  updatedAt: at(-dayMilliseconds),
};

/** Generation 5 is current, made of 4 at the moment 0, and has been seen in use. */
const rotated: Session = {
  id: 'session',
  userId: 'account',
  generation: 5,
  previousGeneration: 4,
  deliveredGeneration: 5,
  rotatedAt: at(0),
  createdAt: at(-dayMilliseconds),
  lastUsedAt: at(0),
  expiresAt: at(100 * dayMilliseconds),
  revokedAt: null,
  replaced: null,
  userAgent: null,
  ip: null,
  authenticatedAt: new Date(0),
  ...byPassword,
};
const unseen: Session = { ...rotated, deliveredGeneration: 4 };
/** Generation 5 seemed lost: 4 was exchanged again, for 6, at the moment of an hour. */
const replaced: Session = {
  ...unseen,
  generation: 6,
  rotatedAt: at(3_600_000),
  replaced: { from: 5, to: 5 },
};

interface Given {
  readonly session?: Session;
  readonly disabledAt?: Date;
  /** The row of the presented generation; null when it is gone. */
  readonly stored?: Partial<StoredRefreshToken> | null;
  readonly currentEnd?: Date;
}

function judge(generation: number, moment: number, given: Given = {}): string {
  const { session = rotated, stored = {}, currentEnd = at(15 * dayMilliseconds) } = given;
  const isCurrent = generation === session.generation;
  const row: StoredRefreshToken = {
    generation,
    hash: hashOf(generation),
    expiresAt: at(15 * dayMilliseconds),
    rotatedAt: isCurrent ? null : at(0),
    successorSalt: isCurrent ? null : salt,
    ...stored,
  };
  const verdict = judgeRefresh(
    {
      session,
      account: { ...account, disabledAt: given.disabledAt ?? null },
      grants: { roles: [], scopes: [] },
      presented: stored === null ? undefined : row,
      refreshTokenExpiresAt: currentEnd,
      refreshTokenHash: hashOf(session.generation),
    },
    { generation, hash: hashOf(generation) },
    at(moment),
    windows,
  );
  if (verdict.kind === 'replay') expect(verdict.successorSalt).toBe(salt);
  return verdict.kind === 'unknown' ? `unknown ${verdict.why}` : verdict.kind;
}

describe('the judgement of a refresh token', () => {
  it('rotates the current one, at any time before its end', () => {
    expect(judge(5, 0)).toBe('rotate');
    expect(judge(5, 15 * dayMilliseconds - 1)).toBe('rotate');
  });

  it.each([
    ['the token ends', { currentEnd: at(1_000) }],
    ['the session ends', { session: { ...rotated, expiresAt: at(1_000) } }],
  ])('is over at the very moment when %s, for every generation', (_name, given) => {
    expect([judge(5, 999, given), judge(4, 999, given)]).toEqual(['rotate', 'replay']);
    expect([5, 4, 3].map((each) => judge(each, 1_000, given))).toEqual(Array(3).fill('expired'));
  });

  it.each([
    ['the session was revoked', { session: { ...rotated, revokedAt: at(0) } }],
    ['the account is disabled', { disabledAt: at(0) }],
  ])('says revoked when %s, whatever is presented and whenever', (_name, given) => {
    const moments = [0, 9_999, 10_000, 200 * dayMilliseconds];
    const verdicts = moments.flatMap((each) =>
      [6, 5, 4, 3].map((token) => judge(token, each, given)),
    );
    expect(new Set(verdicts)).toEqual(new Set(['revoked']));
  });

  it('gives the one before its successor again, up to the end of the window', () => {
    expect(judge(4, 0)).toBe('replay');
    expect(judge(4, windows.grace - 1)).toBe('replay');
    expect(judge(4, windows.grace)).toBe('reused');
    expect(judge(4, windows.grace + 1)).toBe('reused');
  });

  it('tells an older one that it was superseded, inside the window of the last rotation only', () => {
    expect(judge(3, windows.grace - 1, { stored: null })).toBe('superseded');
    expect(judge(3, windows.grace, { stored: null })).toBe('reused');
    expect(judge(1, windows.grace - 1, { stored: null })).toBe('superseded');
  });

  it('replaces a successor that nobody has seen, between the two windows', () => {
    expect(judge(4, windows.grace - 1, { session: unseen })).toBe('replay');
    expect(judge(4, windows.grace, { session: unseen })).toBe('replace');
    expect(judge(4, windows.lostResponseGrace - 1, { session: unseen })).toBe('replace');
    expect(judge(4, windows.lostResponseGrace, { session: unseen })).toBe('reused');
  });

  it('measures a lost response from the first rotation, however often it is replaced', () => {
    const last = windows.lostResponseGrace;
    const again = { session: { ...replaced, rotatedAt: at(last - 60_000) } };
    expect(judge(4, last - 1, again)).toBe('replace');
    expect(judge(4, last, again)).toBe('reused');
  });

  it('takes who shows a replaced one for a second holder, inside every window', () => {
    for (const moment of [3_600_000, 3_600_000 + windows.grace - 1, 2 * 3_600_000]) {
      expect(judge(5, moment, { session: replaced, stored: null })).toBe('reused');
    }
  });

  it('gives the replacement again inside the window of the replacement', () => {
    const end = 3_600_000 + windows.grace;
    expect(judge(4, end - 1, { session: replaced })).toBe('replay');
    expect(judge(4, end, { session: replaced })).toBe('replace');
  });

  it('does not know what this database never issued, and harms nobody for it', () => {
    expect(judge(6, 0, { stored: null })).toBe('unknown generation_ahead');
    expect(judge(5, 0, { stored: null })).toBe('unknown hash_differs');
    expect(judge(5, 0, { stored: { hash: hashOf(99) } })).toBe('unknown hash_differs');
    expect(judge(4, 0, { stored: { hash: hashOf(99) } })).toBe('unknown hash_differs');
  });

  it('never replays without the salt of the row', () => {
    expect(judge(4, 0, { stored: null })).toBe('reused');
    expect(judge(4, 0, { stored: { successorSalt: null } })).toBe('reused');
  });

  it('is strict without windows: what was used once is reused', () => {
    const strict = { grace: 0, lostResponseGrace: 0 };
    const facts = {
      session: unseen,
      account,
      grants: { roles: [], scopes: [] },
      presented: {
        generation: 4,
        hash: hashOf(4),
        expiresAt: at(dayMilliseconds),
        rotatedAt: at(0),
        successorSalt: salt,
      },
      refreshTokenExpiresAt: at(dayMilliseconds),
      refreshTokenHash: hashOf(5),
    };
    const token = { generation: 4, hash: hashOf(4) };
    expect(judgeRefresh(facts, token, at(0), strict).kind).toBe('reused');
  });
});
