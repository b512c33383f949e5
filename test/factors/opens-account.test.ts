import { opensAccount } from '../../src/factors/opens-account.ts';

describe('c11: an account is opened', () => {
  const suspendedAt = new Date(0);
  const none = { passwordHash: null, passkeys: [], identities: [] };
  const isProvider = (name: string) => name === 'asked';

  it.each([
    ['a password', { passwordHash: 'a hash' }, true],
    ['a passkey', { passkeys: [{ suspendedAt: null }] }, true],
    [
      'a passkey beside a suspended one',
      { passkeys: [{ suspendedAt }, { suspendedAt: null }] },
      true,
    ],
    ['an identity', { identities: [{ provider: 'asked' }] }, true],
    ['nothing', {}, false],
    ['a suspended passkey', { passkeys: [{ suspendedAt }] }, false],
    [
      'an identity of a provider that is not asked any more',
      { identities: [{ provider: 'left' }] },
      false,
    ],
  ])('by %s: %j, %s', (_what, ways, expected) => {
    expect(opensAccount({ ...none, ...ways }, isProvider)).toBe(expected);
  });
});
