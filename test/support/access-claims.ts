import type { AccessTokenClaims } from '../../src/tokens/access-token-claims.ts';

/** What an access token says, unchecked. */
export function claimsOf(accessToken: string): AccessTokenClaims {
  const [, payload = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
