import { BadUserInput } from '../../core/domain-error.ts';
import type { GivenFactor } from '../../factors/verify-factor.ts';

type Given = GivenFactor | { readonly method: 'PASSWORD'; readonly password: string };

interface Ways {
  readonly password?: string | null;
  readonly totpCode?: string | null;
  readonly recoveryCode?: string | null;
  readonly passkey?: { readonly ceremony: string; readonly response: object } | null;
}

/** The one factor that an input holds. @throws BadUserInput where it holds none, or several */
export function givenFactorIn(ways: Omit<Ways, 'password'>): GivenFactor {
  const given = givenIn(ways);
  if (given.method === 'PASSWORD') throw new BadUserInput([oneOf]);
  return given;
}

/** Likewise, of an input that may hold a password. @throws BadUserInput as above */
export function givenIn({ password, totpCode, recoveryCode, passkey }: Ways): Given {
  const all: Given[] = [];
  if (typeof password === 'string') all.push({ method: 'PASSWORD', password });
  if (typeof totpCode === 'string') all.push({ method: 'TOTP', code: totpCode });
  if (typeof recoveryCode === 'string') all.push({ method: 'RECOVERY_CODE', code: recoveryCode });
  if (passkey) all.push({ method: 'PASSKEY', ...passkey });
  const [given, ...others] = all;
  if (!given || others.length > 0) throw new BadUserInput([oneOf]);
  return given;
}

const oneOf = {
  path: 'input',
  rule: 'ONE_OF',
  message: 'Give one factor, and no more.',
};
