import { compareForms, hashPassword, type PasswordScheme } from './password-scheme.ts';
import { giveWay, runInTime } from './worker-thread.ts';

giveWay();

export type HashTask =
  | { readonly kind: 'hash'; readonly password: string; readonly scheme: PasswordScheme }
  | {
      readonly kind: 'verify';
      readonly forms: readonly string[];
      readonly passwordHash: string;
      /** The scheme whose work a comparison that fails has cost in the end. */
      readonly scheme: PasswordScheme;
    };

export type HashAnswer =
  | { readonly kind: 'hashed'; readonly passwordHash: string }
  | { readonly kind: 'verified'; readonly match: 'current' | 'foreign' | 'none' };

/** Runs one task in a worker thread. */
export const runHashTask = runInTime(async (task: HashTask): Promise<HashAnswer> => {
  if (task.kind === 'hash') {
    return { kind: 'hashed', passwordHash: await hashPassword(task.password, task.scheme) };
  }
  const match = await compareForms(task.forms, task.passwordHash, task.scheme);
  return { kind: 'verified', match };
});
