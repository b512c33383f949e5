import type { IssuedAccessToken } from '../tokens/access-token.ts';
import type { RememberedAccount } from '../tokens/device-token.ts';
import type { SessionHolder } from './session-store.ts';

/** What register, log in and refresh end in. */
export interface SignedIn extends SessionHolder {
  readonly accessToken: IssuedAccessToken;
  /** The guest that the person was before: they signed in to an account that they had. */
  readonly supersededGuestId: string | null;
  /** For the device that signed in; null after a refresh, which shows nothing new. */
  readonly remembered: RememberedAccount | null;
  readonly refreshToken: { readonly token: string; readonly expiresAt: Date };
}
