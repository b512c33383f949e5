import { randomBytes } from 'node:crypto';
import { newRecoveryCodes, recoveryCodeHash } from '../../src/factors/recovery-codes.ts';

describe('recovery codes', () => {
  const { codes, hashes } = newRecoveryCodes(randomBytes);
  const [code = ''] = codes;

  it('a8 are ten, of 120 bits each, and no two alike', () => {
    expect(new Set(codes).size).toBe(10);
    for (const each of codes)
      expect(each).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  it('use every letter of their alphabet', () => {
    const letters = Array.from({ length: 60 }, () => newRecoveryCodes(randomBytes).codes).flat();
    expect(new Set(letters.join('').replaceAll('-', '')).size).toBe(32);
  });

  it.each([
    ['as they are shown', (text: string) => text],
    ['in lower case', (text: string) => text.toLowerCase()],
    ['without hyphens', (text: string) => text.replaceAll('-', '')],
    ['with spaces', (text: string) => ` ${text.replaceAll('-', ' ')} `],
    [
      'with letters that look like digits',
      (text: string) => text.replaceAll('0', 'o').replaceAll('1', 'l'),
    ],
  ])('are read %s', (_name, write) => {
    expect(recoveryCodeHash(write(code))).toEqual(hashes[0]);
  });

  it.each([
    ['nothing', ''],
    ['one letter less', code.slice(0, -1)],
    ['a letter that none has', `U${code.slice(1)}`],
    ['a megabyte', '0'.repeat(1_048_576)],
  ])('are none: %s', (_name, text) => {
    expect(recoveryCodeHash(text)).toBeUndefined();
  });
});
