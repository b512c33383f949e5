import type { Grants } from '../access/grants.ts';
import type { Account } from '../accounts/account.ts';
import type { Proof } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import type { AccessTokens } from '../tokens/access-token.ts';
import {
  type RefreshToken,
  type RefreshTokens,
  refreshTokenHash,
} from '../tokens/refresh-token.ts';
import { assuranceOf, type Session, type StoredRefreshToken } from './session.ts';
import type { SignedIn } from './signed-in.ts';

export interface NewSessionOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly accessTokens: Pick<AccessTokens, 'issue'>;
  readonly refreshTokens: Pick<RefreshTokens, 'write'>;
  /** Milliseconds that a refresh token lives unused, and a session at the most. */
  readonly refreshTokenTtl: number;
  readonly maxAge: number;
}

/** A session with its first refresh token, before anything of it is written. */
export interface NewSession {
  readonly session: Session;
  readonly token: StoredRefreshToken;
  /** The same token as its holder gets it. */
  readonly refreshToken: RefreshToken;
}

export interface NewSessions {
  readonly make: (
    userId: string,
    client: Client,
    proof: Proof,
    /** When that was shown, where it was not now. */
    authenticatedAt?: Date,
  ) => NewSession;
  /** What its holder gets, once it is written. */
  readonly give: (
    made: NewSession,
    holder: { readonly account: Account; readonly grants: Grants },
  ) => Omit<SignedIn, 'remembered' | 'supersededGuestId'>;
}

export function createNewSessions(options: NewSessionOptions): NewSessions {
  return {
    make(userId, client, proof, authenticatedAt) {
      const at = options.now();
      const session: Session = {
        id: options.newId(),
        userId,
        generation: 1,
        previousGeneration: null,
        deliveredGeneration: 0,
        rotatedAt: null,
        createdAt: at,
        lastUsedAt: at,
        expiresAt: new Date(at.getTime() + options.maxAge),
        revokedAt: null,
        replaced: null,
        authenticatedAt: authenticatedAt ?? at,
        ...proof,
        ...client,
      };
      const refreshToken = {
        userId,
        sessionId: session.id,
        generation: 1,
        secret: options.randomBytes(32),
      };
      const end = Math.min(at.getTime() + options.refreshTokenTtl, session.expiresAt.getTime());
      const token = {
        generation: 1,
        hash: refreshTokenHash(refreshToken),
        expiresAt: new Date(end),
        rotatedAt: null,
        successorSalt: null,
      };
      return { session, token, refreshToken };
    },

    give({ session, token, refreshToken }, { account, grants }) {
      return {
        account,
        grants,
        session,
        accessToken: options.accessTokens.issue({
          userId: account.id,
          sessionId: session.id,
          generation: 1,
          ...assuranceOf(session),
          ...grants,
        }),
        refreshToken: {
          token: options.refreshTokens.write(refreshToken),
          expiresAt: token.expiresAt,
        },
      };
    },
  };
}
