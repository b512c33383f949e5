import type { PasswordHasher } from '../../src/passwords/password-hasher.ts';

/** Hashes nothing, so that a test of something else costs nothing. */
export function plainHash(password: string): string {
  return `plain:${password}`;
}

/** @param whileHashing runs where a real hasher would take its time */
export function createPlainHasher(
  whileHashing: () => Promise<void> = async () => {},
): PasswordHasher {
  return {
    admit: (_ip, work) =>
      work({
        estimate: async () => ({ guesses: Number.MAX_VALUE, kind: 'GUESSABLE', ownWords: [] }),
        hash: async (password) => plainHash(password),
        async verify(password, passwordHash) {
          const matches = plainHash(password) === passwordHash;
          await whileHashing();
          return matches;
        },
        renew: async () => undefined,
      }),
  };
}
