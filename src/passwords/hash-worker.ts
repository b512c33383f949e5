import { fillUp, hashPassword, type PasswordScheme, passwordMatches } from './password-scheme.ts';
import { giveWay, runInTime } from './worker-thread.ts';

giveWay();

export type HashTask =
  | { readonly kind: 'hash'; readonly password: string; readonly scheme: PasswordScheme }
  | {
      readonly kind: 'verify';
      readonly password: string;
      readonly passwordHash: string;
      /** The scheme whose work a comparison that fails has cost in the end. */
      readonly scheme: PasswordScheme;
    };

export type HashAnswer =
  | { readonly kind: 'hashed'; readonly passwordHash: string }
  | { readonly kind: 'verified'; readonly matches: boolean };

/** Runs one task in a worker thread. */
export const runHashTask = runInTime(async (task: HashTask): Promise<HashAnswer> => {
  if (task.kind === 'hash') {
    return { kind: 'hashed', passwordHash: await hashPassword(task.password, task.scheme) };
  }
  const matches = await passwordMatches(task.password, task.passwordHash);
  if (!matches) await fillUp(task.password, task.passwordHash, task.scheme);
  return { kind: 'verified', matches };
});
