import bcrypt from 'bcryptjs';
import {
  cheapestLike,
  compareForms,
  hashPassword,
  isCurrentHash,
  isPasswordHash,
  passwordMatches,
  withFullCost,
} from '../../src/passwords/password-scheme.ts';
import { passwordForms } from '../../src/passwords/password-text.ts';

/** Hashes that other programs published. */
const foreign = [
  [
    'libxcrypt, $2y$',
    'rasmuslerdorf',
    '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq',
  ],
  ['crypt_blowfish, $2a$', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  [
    'the reference implementation of argon2id',
    'password',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  ],
] as const;

describe('password hashes (ASVS 5.0 11.4.2)', () => {
  it.each(foreign)('verifies one made by %s', async (_name, password, passwordHash) => {
    expect(await passwordMatches(password, passwordHash)).toBe('whole');
    expect(await passwordMatches(`${password}!`, passwordHash)).toBe('none');
    expect(isPasswordHash(passwordHash)).toBe(true);
  });

  it("makes argon2id ones with OWASP's parameters", async () => {
    const passwordHash = await hashPassword('kvxqzmwp', { kind: 'argon2id' });
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwordMatches('kvxqzmwp', passwordHash)).toBe('whole');
    expect(await passwordMatches('kvxqzmwq', passwordHash)).toBe('none');
  });

  it.each([{ kind: 'bcrypt', cost: 4 }, { kind: 'argon2id' }] as const)(
    'tells passwords apart that differ only after 72 bytes, under %o',
    async (scheme) => {
      const passwordHash = await hashPassword('x'.repeat(100), scheme);
      expect(await passwordMatches('x'.repeat(100), passwordHash)).toBe('whole');
      expect(await passwordMatches('x'.repeat(99), passwordHash)).toBe('none');
      expect(await passwordMatches(`${'x'.repeat(99)}y`, passwordHash)).toBe('none');
    },
  );

  it('never cuts a password, whose hash nothing longer matches', async () => {
    const scheme = { kind: 'bcrypt', cost: 4 } as const;
    for (const length of [71, 72, 73]) {
      const passwordHash = await hashPassword('x'.repeat(length), scheme);
      expect(await compareForms(['x'.repeat(length)], passwordHash, scheme)).toBe('current');
      expect(await compareForms(['x'.repeat(100)], passwordHash, scheme)).toBe('none');
    }
  });

  it.each([{ kind: 'bcrypt', cost: 9 }, { kind: 'argon2id' }] as const)(
    'makes one that costs as much as others to compare with, cheaply, under %o',
    async (scheme) => {
      const cheap = await hashPassword('kvxqzmwp', cheapestLike(scheme));
      const passwordHash = withFullCost(cheap, scheme);
      expect(isCurrentHash(passwordHash, scheme)).toBe(true);
      expect(isPasswordHash(passwordHash)).toBe(true);
      expect(await passwordMatches('kvxqzmwp', passwordHash)).toBe(
        scheme.kind === 'argon2id' ? 'whole' : 'none',
      );
    },
  );

  // bcrypt's work is 2^cost (Provos and Mazières, A Future-Adaptable Password Scheme, section 4).
  it.each([
    ['of one form', 'not the password', 1],
    ['that others hash in another form', 'pas le café au lait', 2],
  ])(
    'takes the same work to refuse a password %s, whatever it is compared with (ASVS 5.0 6.3.8)',
    async (_name, password, forms) => {
      const scheme = { kind: 'bcrypt', cost: 9 } as const;
      const ofCost = (cost: number) => hashPassword('kvxqzmwp', { kind: 'bcrypt', cost });
      const compared = {
        'of an account': await ofCost(9),
        'of a long password': await hashPassword('x'.repeat(100), scheme),
        'of nobody': withFullCost(await hashPassword('kvxqzmwp', cheapestLike(scheme)), scheme),
        'of a lower cost': await ofCost(6),
        'of the least cost': await ofCost(4),
      };
      let work = 0;
      const { compareSync, hashSync } = bcrypt;
      const count = (salt: string | number | undefined) => {
        work += 2 ** Number(String(salt).slice(4, 6));
      };
      bcrypt.compareSync = (text, passwordHash) => {
        count(passwordHash);
        return compareSync(text, passwordHash);
      };
      bcrypt.hashSync = (text, salt) => {
        count(salt);
        return hashSync(text, salt);
      };
      const works: Record<string, number> = {};
      for (const [name, passwordHash] of Object.entries(compared)) {
        work = 0;
        expect(await compareForms(passwordForms(password), passwordHash, scheme)).toBe('none');
        works[name] = work;
      }
      Object.assign(bcrypt, { compareSync, hashSync });
      expect(new Set(Object.values(works))).toEqual(new Set([forms * 2 ** scheme.cost]));
    },
  );

  it('knows which hashes it would make otherwise today', async () => {
    const [, , argon2id] = foreign;
    const bcrypt = await hashPassword('kvxqzmwp', { kind: 'bcrypt', cost: 5 });
    const long = await hashPassword('x'.repeat(100), { kind: 'bcrypt', cost: 5 });
    const present = await hashPassword('kvxqzmwp', { kind: 'argon2id' });

    expect(isCurrentHash(bcrypt, { kind: 'bcrypt', cost: 5 })).toBe(true);
    expect(isCurrentHash(long, { kind: 'bcrypt', cost: 5 })).toBe(true);
    expect(isCurrentHash(bcrypt, { kind: 'bcrypt', cost: 6 })).toBe(false);
    expect(isCurrentHash(bcrypt, { kind: 'argon2id' })).toBe(false);
    expect(isCurrentHash(present, { kind: 'argon2id' })).toBe(true);
    expect(isCurrentHash(present, { kind: 'bcrypt', cost: 5 })).toBe(false);
    expect(isCurrentHash(argon2id[2], { kind: 'argon2id' })).toBe(false);
  });

  it.each([
    '',
    '!',
    'x'.repeat(60),
    'secret',
    '$2b$10$short',
    '$argon2id$v=19$m=19456,t=2,p=1$$',
    '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  ])('takes %j for no hash', (text) => {
    expect(isPasswordHash(text)).toBe(false);
  });
});
