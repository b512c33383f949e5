import { randomUUID } from 'node:crypto';
import { createSignInCodes } from '../../src/tokens/sign-in-code.ts';

const [older, newer] = [
  'an older secret of thirty-two bytes',
  'a newer secret of thirty-two bytes',
];
const codes = createSignInCodes([older ?? '']);
const state = ['ada@example.com', 'account', 'hash', 'enabled'];

describe('the code of a mail', () => {
  it('is six digits, the same for one request and state, each as likely as another', () => {
    const counts = new Map<string, number>();
    const made = Array.from({ length: 6_000 }, () => codes.write(randomUUID(), state));
    for (const code of made) {
      expect(code).toMatch(/^[0-9]{6}$/);
      counts.set(code.slice(0, 1), (counts.get(code.slice(0, 1)) ?? 0) + 1);
    }
    expect(new Set(made).size).toBeGreaterThan(5_900);
    // 600 expected; 8 standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - 600)).toBeLessThan(190);
    expect(counts.size).toBe(10);
    const id = randomUUID();
    expect(codes.write(id, state)).toBe(codes.write(id, state));
  });

  it('is of one request, one state and one secret', () => {
    const ids = Array.from({ length: 50 }, () => randomUUID());
    const good = ids.filter((id) => codes.isOf(codes.write(id, state), id, state));
    expect(good).toEqual(ids);
    const others = [
      (id: string) => codes.isOf(codes.write(id, state), randomUUID(), state),
      (id: string) => codes.isOf(codes.write(id, state), id, [...state.slice(0, 2), 'new hash']),
      (id: string) => createSignInCodes([newer ?? '']).isOf(codes.write(id, state), id, state),
    ];
    // That two are equal by chance happens once in a million.
    for (const isOf of others) expect(ids.filter(isOf).length).toBeLessThan(2);
  });

  it('is good with each secret of a list, and made with the first', () => {
    const id = randomUUID();
    const both = createSignInCodes([newer ?? '', older ?? '']);
    expect(both.isOf(codes.write(id, state), id, state)).toBe(true);
    expect(both.write(id, state)).toBe(createSignInCodes([newer ?? '']).write(id, state));
  });

  it.each([
    '',
    '12345',
    '1234567',
    'abcdef',
    '１２３４５６',
    '-12345',
    '1e5000',
    '0x1234',
    '12.456',
  ])('is nothing like %j', (text) => {
    expect(codes.isOf(text, randomUUID(), state)).toBe(false);
  });

  it('may have spaces, and no end of them', () => {
    const id = randomUUID();
    const code = codes.write(id, state);
    expect(codes.isOf(` ${code.slice(0, 3)}\u00a0${code.slice(3)}\n`, id, state)).toBe(true);
    expect(codes.isOf(`${' '.repeat(1_000_000)}${code}`, id, state)).toBe(false);
  });
});
