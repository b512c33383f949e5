import { randomBytes } from 'node:crypto';
import { describeTotp, newTotpSecret, stepOfCode } from '../../src/factors/totp.ts';
import { codeAt } from '../support/one-time-codes.ts';

const period = 30_000;
const from = { issuer: 'Gatehouse', label: 'ada@example.com' };
const base32 = (secret: Buffer) => describeTotp(secret, from).secret;

/** RFC 6238, appendix B: the last six of the eight digits for SHA-1. */
const vectors = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

describe('a code', () => {
  const secret = Buffer.from('12345678901234567890');
  const now = new Date(1_900_000_000_000);
  const now0 = Math.floor(now.getTime() / period);

  it.each(vectors)('is as RFC 6238 has it at %i seconds', (seconds, code) => {
    const at = new Date(seconds * 1_000);
    expect(stepOfCode(secret, code, at)).toBe(Math.floor(seconds / 30));
    expect(codeAt(base32(secret), at)).toBe(code);
  });

  it('a2 is good a step before and after its own, and no further', () => {
    const steps = [-2, -1, 0, 1, 2].map((each) =>
      stepOfCode(secret, codeAt(base32(secret), now, each), now),
    );
    expect(steps).toEqual([undefined, now0 - 1, now0, now0 + 1, undefined]);
  });

  it('may be written with spaces', () => {
    const code = codeAt(base32(secret), now);
    expect(stepOfCode(secret, ` ${code.slice(0, 3)} ${code.slice(3)}`, now)).toBe(now0);
  });

  it.each([
    ['nothing', ''],
    ['letters', 'abcdef'],
    ['five digits', '12345'],
    ['seven digits', '1234567'],
    ['full-width digits', '１２３４５６'],
    ['a minus', '-12345'],
    ['an exponent', '1e1234'],
    ['a megabyte', '1'.repeat(1_048_576)],
  ])('is none that is %s', (_name, text) => {
    expect(stepOfCode(secret, text, now)).toBeUndefined();
  });
});

describe('a new secret', () => {
  it('has 160 bits, and an address that apps read', () => {
    const secret = newTotpSecret(randomBytes);
    expect(secret).toHaveLength(20);
    const { otpauthUrl, secret: text } = describeTotp(secret, from);
    const url = new URL(otpauthUrl);
    expect(url.protocol).toBe('otpauth:');
    expect(url.searchParams.get('secret')).toBe(text);
    expect(url.searchParams.get('issuer')).toBe('Gatehouse');
    expect(decodeURIComponent(url.pathname)).toContain('ada@example.com');
  });
});
