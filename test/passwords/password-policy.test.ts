import { readCommonPasswords } from '../../src/passwords/common-passwords.ts';
import { createPasswordPolicy } from '../../src/passwords/password-policy.ts';

const ada = {
  email: 'Ada.Lovelace@example.com',
  names: ['enchantress', 'Augusta', 'King-Noel', null],
};

describe('the password policy (ASVS 5.0 6.2)', () => {
  const policy = createPasswordPolicy({ minLength: 8, isCommon: readCommonPasswords(8) });
  const ruleOf = (password: string) => policy(password, 'password', ada)?.rule;

  it.each([
    ['8 letters', 'kvxqzmwp'],
    ['256 letters', 'x'.repeat(256)],
    ['8 characters outside the basic plane', '🦄'.repeat(8)],
    ['256 characters that are two UTF-16 units each', '🦄'.repeat(256)],
    ['256 characters that were typed as two code points each', 'e\u0301'.repeat(256)],
    ['nothing but spaces and marks', ' - - - - '],
    ['letters alone, no digit, no capital (6.2.5)', 'correct horse battery staple'],
  ])('accepts %s', (_name, password) => {
    expect(ruleOf(password)).toBeUndefined();
  });

  it.each([
    ['7 letters', 'kvxqzmw', 'MIN_LENGTH'],
    ['7 characters in 14 UTF-16 units', '🦄'.repeat(7), 'MIN_LENGTH'],
    ['7 characters typed as 14 code points', 'e\u0301'.repeat(7), 'MIN_LENGTH'],
    ['257 letters', 'x'.repeat(257), 'MAX_LENGTH'],
    ['257 characters outside the basic plane', '🦄'.repeat(257), 'MAX_LENGTH'],
    ['a megabyte', 'x'.repeat(1_048_576), 'MAX_LENGTH'],
    ['a common one (6.2.4)', 'password1', 'COMMON'],
    ['a common one in capitals', 'PASSWORD1', 'COMMON'],
    ['a common one in full-width letters', 'ｐａｓｓｗｏｒｄ１', 'COMMON'],
    ['a keyboard row', 'Qwertyuiop', 'COMMON'],
    ['the own address (6.2.11)', 'ada.lovelace@EXAMPLE.com', 'OWN_EMAIL'],
    ['the own address and a year', 'ada.lovelace@example.com2026', 'OWN_EMAIL'],
    ['the name before the @', 'Ada.Lovelace', 'OWN_EMAIL'],
    ['a part of it and a number', 'Lovelace1815', 'OWN_EMAIL'],
    ['the username', 'EnchanTress', 'OWN_NAME'],
    ['first and last name', 'AugustaKing-Noel!', 'OWN_NAME'],
    ['the name twice', 'AugustaAugusta', 'OWN_NAME'],
    ['the name and a common password', 'augusta12345678', 'OWN_NAME'],
    ['the name of the product', 'GateHouse', 'PRODUCT_NAME'],
    ['the name of the product and a year', 'gatehouse-2026', 'PRODUCT_NAME'],
  ])('refuses %s', (_name, password, rule) => {
    expect(ruleOf(password)).toBe(rule);
  });

  it('accepts a long password that happens to hold the name', () => {
    expect(ruleOf('augusta never liked the steam engine')).toBeUndefined();
  });

  it('names the field, and never repeats the password', () => {
    expect(policy('password1', 'newPassword', ada)).toEqual({
      path: 'newPassword',
      rule: 'COMMON',
      message: expect.not.stringContaining('password1'),
    });
  });

  it('counts to the length that is configured', () => {
    const strict = createPasswordPolicy({ minLength: 15, isCommon: () => false });
    expect(strict('kvxqzmwpkvxqzm', 'password', ada)?.rule).toBe('MIN_LENGTH');
    expect(strict('kvxqzmwpkvxqzmw', 'password', ada)).toBeUndefined();
  });

  it('knows more than the 3,000 common passwords that ASVS asks for', () => {
    const isCommon = readCommonPasswords(8);
    const first = ['password', '12345678', 'baseball', 'trustno1', 'iloveyou', 'sunshine1'];
    expect(first.filter((password) => !isCommon(password))).toEqual([]);
    expect(isCommon('123456')).toBe(false);
  });
});
