import type { IssuedAccessToken } from '../tokens/access-token.ts';
import type { SessionHolder } from './session-store.ts';

/** What register, log in and refresh end in. */
export interface SignedIn extends SessionHolder {
  readonly accessToken: IssuedAccessToken;
  readonly refreshToken: { readonly token: string; readonly expiresAt: Date };
}
