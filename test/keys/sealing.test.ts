import { randomBytes } from 'node:crypto';
import { open, seal } from '../../src/keys/sealing.ts';

const [first, second] = ['the first secret of these tests', 'the second secret of these tests'];
const key = randomBytes(138);

describe('a sealed private key', () => {
  const sealed = seal('signing key', key, 'kid-1', [first]);

  it('opens with the secret that sealed it, wherever that stands in the list', () => {
    expect(open('signing key', sealed, 'kid-1', [first])).toEqual({ content: key, secretIndex: 0 });
    expect(open('signing key', sealed, 'kid-1', [second, first])).toEqual({
      content: key,
      secretIndex: 1,
    });
  });

  it('is sealed with the first of the list', () => {
    const again = seal('signing key', key, 'kid-1', [second, first]);
    expect(open('signing key', again, 'kid-1', [second])).toEqual({ content: key, secretIndex: 0 });
    expect(open('signing key', again, 'kid-1', [first])).toBeUndefined();
  });

  it('stays shut with another secret, and under another kid', () => {
    expect(open('signing key', sealed, 'kid-1', [second])).toBeUndefined();
    expect(open('signing key', sealed, 'kid-2', [first])).toBeUndefined();
    expect(open('signing key', sealed, 'kid-1', [])).toBeUndefined();
  });

  it('stays shut when any byte of it was changed', () => {
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(
        open('signing key', `v1.${changed.toString('base64url')}`, 'kid-1', [first]),
      ).toBeUndefined();
    }
  });

  it.each(['', 'v1', 'v1.', 'v1.AAAA', `v2.${sealed.slice(3)}`, sealed.slice(0, -40)])(
    'is not garbage (%#)',
    (text) => {
      expect(open('signing key', text, 'kid-1', [first])).toBeUndefined();
    },
  );

  it('looks different each time, and holds nothing of the key', () => {
    expect(seal('signing key', key, 'kid-1', [first])).not.toBe(sealed);
    expect(Buffer.from(sealed.slice(3), 'base64url').includes(key.subarray(0, 8))).toBe(false);
  });

  it('needs a secret', () => {
    expect(() => seal('signing key', key, 'kid-1', [])).toThrow(
      'KEY_ENCRYPTION_SECRET is not set.',
    );
  });
});
