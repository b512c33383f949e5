import { randomBytes } from 'node:crypto';
import { openPrivateKey, sealPrivateKey } from '../../src/keys/key-encryption.ts';

const [first, second] = ['the first secret of these tests', 'the second secret of these tests'];
const key = randomBytes(138);

describe('a sealed private key', () => {
  const sealed = sealPrivateKey(key, 'kid-1', [first]);

  it('opens with the secret that sealed it, wherever that stands in the list', () => {
    expect(openPrivateKey(sealed, 'kid-1', [first])).toEqual({ pkcs8: key, secretIndex: 0 });
    expect(openPrivateKey(sealed, 'kid-1', [second, first])).toEqual({
      pkcs8: key,
      secretIndex: 1,
    });
  });

  it('is sealed with the first of the list', () => {
    const again = sealPrivateKey(key, 'kid-1', [second, first]);
    expect(openPrivateKey(again, 'kid-1', [second])).toEqual({ pkcs8: key, secretIndex: 0 });
    expect(openPrivateKey(again, 'kid-1', [first])).toBeUndefined();
  });

  it('stays shut with another secret, and under another kid', () => {
    expect(openPrivateKey(sealed, 'kid-1', [second])).toBeUndefined();
    expect(openPrivateKey(sealed, 'kid-2', [first])).toBeUndefined();
    expect(openPrivateKey(sealed, 'kid-1', [])).toBeUndefined();
  });

  it('stays shut when any byte of it was changed', () => {
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(
        openPrivateKey(`v1.${changed.toString('base64url')}`, 'kid-1', [first]),
      ).toBeUndefined();
    }
  });

  it.each(['', 'v1', 'v1.', 'v1.AAAA', `v2.${sealed.slice(3)}`, sealed.slice(0, -40)])(
    'is not garbage (%#)',
    (text) => {
      expect(openPrivateKey(text, 'kid-1', [first])).toBeUndefined();
    },
  );

  it('looks different each time, and holds nothing of the key', () => {
    expect(sealPrivateKey(key, 'kid-1', [first])).not.toBe(sealed);
    expect(Buffer.from(sealed.slice(3), 'base64url').includes(key.subarray(0, 8))).toBe(false);
  });

  it('needs a secret', () => {
    expect(() => sealPrivateKey(key, 'kid-1', [])).toThrow('KEY_ENCRYPTION_SECRET is not set.');
  });
});
