import { openKeyRing } from '../../src/keys/key-ring.ts';
import { createRotateKeys, type RotateKeysOptions } from '../../src/keys/rotate-keys.ts';
import { createKeyMemory } from '../support/key-memory.ts';
import { createTestClock } from '../support/test-clock.ts';

const minute = 60_000;
const interval = 24 * 60 * minute;
const longestToken = 30 * minute;
const publishing = 10 * minute;
const encryptionSecrets = ['a key encryption secret of these tests'];

function open(changes: Partial<RotateKeysOptions> = {}) {
  const clock = createTestClock();
  const memory = createKeyMemory();
  const configure = (more: Partial<RotateKeysOptions> = {}) =>
    createRotateKeys({
      transact: (work) =>
        work({
          signingKeys: memory.store,
          audit: {
            record: async (event) => void memory.events.push(event),
            openerOf: async () => undefined,
          },
        } as Parameters<typeof work>[0]),
      now: clock.now,
      purposes: { 'access-token': 'ES256' },
      encryptionSecrets,
      interval,
      longestToken,
      ...changes,
      ...more,
    });
  const states = () => memory.keys().map(({ state }) => state);
  const kidIn = (state: string) => memory.keys().find((key) => key.state === state)?.kid;
  return { clock, memory, configure, states, kidIn, ...configure() };
}

describe('the life of signing keys', () => {
  it('begins with one that signs and one that is published for later', async () => {
    const { maintain, states, memory, kidIn } = open();
    await maintain();
    expect(states()).toEqual(['active', 'next']);
    expect(memory.events.map(({ type, detail }) => [type, detail])).toEqual([
      ['signing_key.activated', { purpose: 'access-token', kid: kidIn('active') }],
    ]);
  });

  it('stands still until a key is old', async () => {
    const { maintain, states, clock, memory } = open();
    await maintain();
    clock.advance(interval - 1);
    await maintain();
    await maintain();
    expect(states()).toEqual(['active', 'next']);
    expect(memory.events).toHaveLength(1);
  });

  it('lets the next key sign when the active one is old, and publishes another', async () => {
    const { maintain, states, clock, kidIn } = open();
    await maintain();
    const next = kidIn('next');
    clock.advance(interval);
    await maintain();
    expect(states()).toEqual(['retiring', 'active', 'next']);
    expect(kidIn('active')).toBe(next);
  });

  it('verifies with the old key for as long as its longest token, and then erases it', async () => {
    const { maintain, clock, memory, kidIn } = open();
    await maintain();
    clock.advance(interval);
    await maintain();
    const old = kidIn('retiring');
    clock.advance(longestToken - 1);
    await maintain();
    expect(kidIn('retiring')).toBe(old);
    clock.advance(1);
    await maintain();
    const retired = memory.keys().find(({ kid }) => kid === old);
    expect(retired).toMatchObject({ state: 'retired', sealedPrivateKey: '' });
  });

  it('never turns by itself with an interval of 0', async () => {
    const { maintain, states, clock } = open({ interval: 0 });
    await maintain();
    clock.advance(1_000 * interval);
    await maintain();
    expect(states()).toEqual(['active', 'next']);
  });

  it('turns on request only when every verifier can have the next key', async () => {
    const { maintain, rotate, states, clock, kidIn } = open();
    await maintain();
    const next = kidIn('next');
    clock.advance(publishing - 1);
    expect(await rotate({ force: false })).toEqual([]);
    expect(states()).toEqual(['active', 'next']);
    clock.advance(1);
    expect(await rotate({ force: false })).toEqual([next]);
    expect(states()).toEqual(['retiring', 'active', 'next']);
  });

  it('turns at once when it is forced', async () => {
    const { maintain, rotate, kidIn } = open();
    await maintain();
    const next = kidIn('next');
    expect(await rotate({ force: true })).toEqual([next]);
    expect(kidIn('active')).toBe(next);
  });

  it('changes the algorithm at once, and keeps the old key for the tokens it signed', async () => {
    const { maintain, configure, memory } = open();
    await maintain();
    await configure({ purposes: { 'access-token': 'RS256' } }).maintain();
    expect(memory.keys().map(({ state, algorithm }) => `${state} ${algorithm}`)).toEqual([
      'retiring ES256',
      'retired ES256',
      'active RS256',
      'next RS256',
    ]);
  });

  it('keeps the purposes apart', async () => {
    const { maintain, memory } = open({ purposes: { 'access-token': 'ES256', identity: 'ES256' } });
    await maintain();
    expect(memory.keys().map(({ purpose, state }) => `${purpose} ${state}`)).toEqual([
      'access-token active',
      'access-token next',
      'identity active',
      'identity next',
    ]);
  });
});

describe('the key ring', () => {
  it('signs with the active key, and verifies with every one that is not retired', async () => {
    const { maintain, memory, clock, kidIn } = open();
    await maintain();
    const ring = await openKeyRing({ signingKeys: memory.store, encryptionSecrets });
    const first = ring.signingKey('access-token');
    expect(first).toMatchObject({ kid: kidIn('active'), algorithm: 'ES256' });
    clock.advance(interval);
    await maintain();
    expect(ring.signingKey('access-token').kid).toBe(first.kid);

    await ring.reload();
    expect(ring.signingKey('access-token').kid).toBe(kidIn('active'));
    expect(ring.verificationKey('access-token', first.kid)?.algorithm).toBe('ES256');
    expect(ring.keys('access-token')).toHaveLength(3);

    clock.advance(longestToken);
    await maintain();
    await ring.reload();
    expect(ring.verificationKey('access-token', first.kid)).toBeUndefined();
  });

  it('has no key of one purpose for another', async () => {
    const { maintain, memory, kidIn } = open();
    await maintain();
    const ring = await openKeyRing({ signingKeys: memory.store, encryptionSecrets });
    expect(ring.verificationKey('identity', kidIn('active') ?? '')).toBeUndefined();
    expect(() => ring.signingKey('identity')).toThrow('no active key for identity');
    expect(ring.keys('identity')).toEqual([]);
  });

  it('tells of a change once, and of no change never', async () => {
    const { maintain, rotate, memory } = open();
    await maintain();
    const ring = await openKeyRing({ signingKeys: memory.store, encryptionSecrets });
    let changes = 0;
    ring.onChange(() => {
      changes += 1;
    });
    await ring.reload();
    expect(changes).toBe(0);
    await rotate({ force: true });
    await ring.reload();
    await ring.reload();
    expect(changes).toBe(1);
  });

  it('refuses to open with another secret, and names the variable', async () => {
    const { maintain, memory } = open();
    await maintain();
    const opening = openKeyRing({ signingKeys: memory.store, encryptionSecrets: ['another'] });
    await expect(opening).rejects.toThrow('KEY_ENCRYPTION_SECRET');
  });
});
