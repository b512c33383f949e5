import type DataLoader from 'dataloader';
import type { Account } from '../accounts/account.ts';
import type { Client } from '../core/client.ts';
import type { Authentication } from '../sessions/authenticate.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import { AccessRefused } from '../tokens/errors.ts';

/** The person behind a verified access token. */
export interface CurrentUser {
  readonly id: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/** The refresh token cookie of this request and its answer. Parsed only when somebody asks. */
export interface RefreshCookie {
  /** @throws OriginRefused when another site's page sent the request */
  readonly assertOrigin: () => void;
  /** The token, or undefined without one. @throws OriginRefused as above */
  readonly read: () => string | undefined;
  readonly write: (token: string, expiresAt: Date) => void;
  readonly clear: () => void;
}

/** The cookie by which a device is known again. It opens nothing. */
export interface DeviceCookie {
  readonly read: () => KnownDevice | undefined;
  /** Remembers that this device has signed in to an account. */
  readonly remember: (accountId: string) => void;
}

export interface GraphQLContext {
  readonly requestId: string;
  readonly client: Client;
  readonly authentication: Authentication;
  /** Null for an anonymous caller, and for a token that was refused. */
  readonly user: CurrentUser | null;
  readonly refreshCookie: RefreshCookie;
  readonly deviceCookie: DeviceCookie;
  /** Accounts by id, each asked for once a request, together. */
  readonly accounts: DataLoader<string, Account | undefined>;
}

export function toCurrentUser(authentication: Authentication): CurrentUser | null {
  if (authentication.kind !== 'authenticated') return null;
  const { sub, sid, roles, scope } = authentication.claims;
  return { id: sub, sessionId: sid, roles, scopes: scope === '' ? [] : scope.split(' ') };
}

/** The person who asks. @throws AccessRefused when there is none, or the token was bad */
export function requireUser({ user, authentication }: GraphQLContext): CurrentUser {
  if (user) return user;
  if (authentication.kind === 'refused') {
    throw new AccessRefused(authentication.reason, authentication.detail);
  }
  if (authentication.kind === 'unavailable') throw authentication.error;
  throw new AccessRefused('TOKEN_MISSING');
}
