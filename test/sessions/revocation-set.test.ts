import type { NotableSession } from '../../src/sessions/notable-session.ts';
import { createRevocationSet } from '../../src/sessions/revocation-set.ts';
import { createTestClock } from '../support/test-clock.ts';

describe('the revocation set', () => {
  const lifetime = 900_000;
  const plain: NotableSession = {
    sessionId: 'a session',
    userId: 'its user',
    revoked: false,
    outdatedGeneration: 0,
    replaced: null,
  };

  it('knows nothing against a session that it was never told of', () => {
    const revocations = createRevocationSet(createTestClock().now, lifetime);
    expect(revocations.standingOf('a session', 1)).toBe('good');
  });

  it('tells revoked, replaced and outdated generations from good ones', () => {
    const revocations = createRevocationSet(createTestClock().now, lifetime);
    revocations.apply({ ...plain, outdatedGeneration: 2, replaced: { from: 4, to: 5 } });
    const standings = [1, 2, 3, 4, 5, 6].map((each) => revocations.standingOf('a session', each));
    expect(standings).toEqual(['outdated', 'outdated', 'good', 'replaced', 'replaced', 'good']);
    revocations.apply({ ...plain, revoked: true });
    expect(revocations.standingOf('a session', 6)).toBe('revoked');
  });

  it.each([
    ['revoked', { revoked: true }, 6],
    ['outdated', { outdatedGeneration: 3 }, 3],
    ['replaced', { replaced: { from: 3, to: 4 } }, 4],
  ] as const)('stays %s when older news arrive late', (standing, news, generation) => {
    const revocations = createRevocationSet(createTestClock().now, lifetime);
    revocations.apply({ ...plain, ...news });
    revocations.apply({ ...plain, outdatedGeneration: 1, replaced: { from: 2, to: 2 } });
    expect(revocations.standingOf('a session', generation)).toBe(standing);
  });

  it('forgets a session when its last access token has ended, and not before', () => {
    const clock = createTestClock();
    const revocations = createRevocationSet(clock.now, lifetime);
    revocations.apply({ ...plain, revoked: true });
    clock.advance(lifetime - 1);
    revocations.apply({ ...plain, sessionId: 'another session' });
    expect(revocations.standingOf('a session', 1)).toBe('revoked');
    clock.advance(1);
    revocations.apply({ ...plain, sessionId: 'another session' });
    expect(revocations.size()).toBe(1);
  });
});
