import { randomInt } from 'node:crypto';
import { estimateGuesses } from '../../src/passwords/guess-estimate.ts';
import { createPasswordPolicy } from '../../src/passwords/password-policy.ts';

const ada = {
  email: 'Ada.Lovelace@example.com',
  names: ['enchantress', 'Augusta', 'King-Noel', null],
};
const hashing = {
  estimate: async (...asked: Parameters<typeof estimateGuesses>) => estimateGuesses(...asked),
};
const someLetters = (count: number, from: readonly string[]) =>
  Array.from({ length: count }, () => from[randomInt(from.length)]).join('');
const animals = [...'🦄🐙🦔🦉🐝🐢🦂🦆🐌🐍'];

describe('the password policy (ASVS 5.0 6.2)', () => {
  const policy = createPasswordPolicy({ minLength: 8, productName: 'Corner Shop' });
  const ruleOf = async (password: string) =>
    (await policy(hashing, password, 'password', ada))?.rule;

  it.each([
    ['8 letters', 'kvxqzmwp'],
    ['256 letters', someLetters(256, [...'bcdfghjklmnpqrstvwxz'])],
    ['8 characters outside the basic plane', '🦄🐙🦔🦉🐝🐢🦂🦆'],
    ['256 characters that are two UTF-16 units each', someLetters(256, animals)],
    ['256 characters that were typed as two code points each', `gnu shoe ${'e\u0301'.repeat(247)}`],
    ['what a password manager makes', 'vK9-qTz!w3Rm'],
  ])('accepts %s', async (_name, password) => {
    expect(await ruleOf(password)).toBeUndefined();
  });

  it.each([
    'correct horse battery staple',
    'correct horse battery',
    'correcthorsebatterystaple',
    'i like my coffee black',
    'the dog sleeps behind the house',
    'meine Katze mag keine Milch',
    'Der Hund bellt nachts laut',
    'augusta never liked the steam engine',
  ])(
    'accepts a phrase of ordinary words, without digit or capital (6.2.5): %j',
    async (password) => {
      expect(await ruleOf(password)).toBeUndefined();
    },
  );

  it.each([
    ['7 letters', 'kvxqzmw', 'MIN_LENGTH'],
    ['7 characters in 14 UTF-16 units', '🦄'.repeat(7), 'MIN_LENGTH'],
    ['7 characters typed as 14 code points', 'e\u0301'.repeat(7), 'MIN_LENGTH'],
    ['257 letters', 'x'.repeat(257), 'MAX_LENGTH'],
    ['257 characters outside the basic plane', '🦄'.repeat(257), 'MAX_LENGTH'],
    ['a megabyte', 'x'.repeat(1_048_576), 'MAX_LENGTH'],
    ['the own address (6.2.11)', 'ada.lovelace@EXAMPLE.com', 'OWN_EMAIL'],
    ['the own address and a year', 'ada.lovelace@example.com2026', 'OWN_EMAIL'],
    ['the name before the @', 'Ada.Lovelace', 'OWN_EMAIL'],
    ['a part of it and a number', 'Lovelace1815', 'OWN_EMAIL'],
    ['a part of it, respelt', 'L0v3l4c3!!', 'OWN_EMAIL'],
    ['the username', 'EnchanTress', 'OWN_NAME'],
    ['the username backwards', 'ssertnahcne', 'OWN_NAME'],
    ['first and last name', 'AugustaKing-Noel!', 'OWN_NAME'],
    ['the name twice', 'AugustaAugusta', 'OWN_NAME'],
    ['the name and a common password', 'augusta12345678', 'OWN_NAME'],
    ['the name of the product', 'corner shop', 'PRODUCT_NAME'],
    ['a word of it and a year', 'corner-2026', 'PRODUCT_NAME'],
  ])('refuses %s', async (_name, password, rule) => {
    expect(await ruleOf(password)).toBe(rule);
  });

  it.each([
    ['password1', 'COMMON'],
    ['PASSWORD1', 'COMMON'],
    ['ｐａｓｓｗｏｒｄ１', 'COMMON'],
    ['Qwertyuiop', 'COMMON'],
    ['password12345678', 'COMMON'],
    ['Password123!', 'COMMON'],
    ['P@$$w0rd2024', 'COMMON'],
    ['sunshine2024!', 'COMMON'],
    ['123456789012345', 'COMMON'],
    ['qwertyuiopasdfgh', 'COMMON'],
    ['aaaaaaaaaaaaaaaa', 'REPEATED'],
    ['x'.repeat(256), 'REPEATED'],
    ['        ', 'REPEATED'],
    [' - - - - ', 'REPEATED'],
    ['🦄'.repeat(8), 'REPEATED'],
    ['iloveyouiloveyou', 'REPEATED'],
    ['schalke04schalke04', 'REPEATED'],
    ['bcdefghijklmnop', 'PATTERN'],
    ['administrator123', 'GUESSABLE'],
    ['Winter2024', 'GUESSABLE'],
    ['12.03.1987', 'GUESSABLE'],
    ['Gesellschaft1', 'GUESSABLE'],
  ])('refuses %j, which is guessed early (6.2.4), as %s', async (password, rule) => {
    expect(await ruleOf(password)).toBe(rule);
  });

  it('refuses few of the passwords that a machine makes', async () => {
    const made = Array.from({ length: 200 }, () =>
      someLetters(10, [...'abcdefghkmnpqrstuvwxyz23456789']),
    );
    const rules = await Promise.all(made.map(ruleOf));
    expect(rules.filter((rule) => rule !== undefined).length).toBeLessThan(5);
  });

  it('names the field, and never repeats the password', async () => {
    expect(await policy(hashing, 'password1', 'newPassword', ada)).toEqual({
      path: 'newPassword',
      rule: 'COMMON',
      message: expect.not.stringContaining('password1'),
    });
  });

  it('counts to the length that is configured', async () => {
    const strict = createPasswordPolicy({ minLength: 15, productName: 'Corner Shop' });
    const lengthRule = async (password: string) =>
      (await strict(hashing, password, 'password', ada))?.rule;
    expect(await lengthRule('kvxqzmwpkvxqzm')).toBe('MIN_LENGTH');
    expect(await lengthRule('kvxqzmwprtbdwlh')).toBeUndefined();
  });

  it('asks nothing about a password that is too long or too short', async () => {
    const asked = { estimate: () => Promise.reject(new Error('asked')) };
    for (const password of ['short', 'x'.repeat(257)]) {
      expect(await policy(asked, password, 'password', ada)).toBeDefined();
    }
  });

  it.each(['1', 'p4$$w0rd', '@4$5!1', '4@8({[<369&#!1/|0$5+7%2', '19871987', '|_|\\/\\/()'])(
    'looks at no more than 64 characters of one that is made to cost time, such as %s',
    (text) => {
      const password = text.repeat(256);
      const looked = estimateGuesses(password.slice(0, 64), ['me']);
      expect(estimateGuesses(password.slice(0, 256), ['me'])).toEqual(looked);
    },
  );
});
