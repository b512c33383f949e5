/** Whoever opens a test database needs those with which its signing keys were sealed. */
export const testSecrets = {
  REFRESH_TOKEN_SECRET: 'a refresh token secret for tests only: 0123456789',
  KEY_ENCRYPTION_SECRET: 'a key encryption secret for tests only: 0123456789',
} as const;
