import { randomInt, randomUUID } from 'node:crypto';

export const goodPassword = 'correct horse battery staple';

/** An e-mail address that no other test uses. */
export function freshEmail(name = 'ada'): string {
  return `${name}-${randomUUID()}@example.com`;
}

/**
 * Who somebody is at a provider, and nobody else in any test: the files of a worker share a database, in which
 * an identity that another test has used opens that test's account.
 */
export function freshSubject(): string {
  return `person-${randomUUID()}`;
}

/** The same at GitHub, where people have numbers. */
export function freshGithubId(): number {
  return randomInt(1, 2 ** 47);
}
