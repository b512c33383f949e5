import type { AccountStore } from '../accounts/account-store.ts';
import type { UpgradeGuest as UpgradeGuestOf } from '../accounts/open-account.ts';
import type { Clock } from '../core/clock.ts';
import type { RandomBytes } from '../core/random.ts';
import { assuranceOf } from '../sessions/session.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { SignedIn } from '../sessions/signed-in.ts';
import type { AccessTokens } from '../tokens/access-token.ts';
import { passwordMark } from '../tokens/device-token.ts';
import { AccessRefused } from '../tokens/errors.ts';
import { type RefreshTokens, refreshTokenHash } from '../tokens/refresh-token.ts';
import type { BecomeAccount, BecomeAccountStores } from './become-account.ts';
import type { GuestUpgrade } from './guest.ts';
import type { GuestStore } from './guest-store.ts';
import { lockGuest } from './lock-guest.ts';

export interface UpgradeGuestStores extends BecomeAccountStores {
  readonly accounts: Pick<AccountStore, 'lock' | 'update'>;
  readonly guests: Pick<GuestStore, 'makeAccount' | 'turn'>;
  readonly sessions: Pick<SessionStore, 'lock' | 'find' | 'outdateAll'>;
}

export interface UpgradeGuestOptions {
  readonly now: Clock;
  readonly randomBytes: RandomBytes;
  readonly accessTokens: Pick<AccessTokens, 'issue'>;
  readonly refreshTokens: Pick<RefreshTokens, 'write'>;
  /** Milliseconds that a refresh token lives unused. */
  readonly refreshTokenTtl: number;
  readonly becomeAccount: BecomeAccount;
}

/**
 * Makes the guest who asks an account, in the caller's transaction, and goes on with their session: its
 * access token ends, and its refresh token is another one from now on.
 *
 * Attack: two upgrades at one moment, of which the second would take the account over that the first has
 * made. The row is locked, and a guest is one once.
 *
 * @throws AccessRefused where there is no such guest any more; EmailTaken, UsernameTaken
 */
export type UpgradeGuest = UpgradeGuestOf<UpgradeGuestStores, GuestUpgrade, SignedIn>;

export function createUpgradeGuest(options: UpgradeGuestOptions): UpgradeGuest {
  const { now, randomBytes, accessTokens, refreshTokens, becomeAccount } = options;

  return async (stores, guest, { changes, ...how }) => {
    const { userId, sessionId } = guest;
    const at = now();
    const { passwordHash } = { ...(await lockGuest(stores, userId)), ...changes };
    const before = await stores.sessions.lock(guest, 0);
    if (!before || before.session.revokedAt || before.session.expiresAt <= at) {
      throw new AccessRefused('SESSION_REVOKED', 'session over');
    }
    await stores.accounts.update(userId, changes, at);
    await becomeAccount(stores, userId, { ...how, sessionId, at });
    const { session, account, grants } = (await stores.sessions.find(guest, 0)) ?? before;
    const generation = session.generation + 1;
    const token = { userId, sessionId, generation, secret: randomBytes(32) };
    const expiresAt = await stores.guests.turn(guest, {
      generation: session.generation,
      hash: refreshTokenHash(token),
      expiresAt: new Date(at.getTime() + options.refreshTokenTtl),
      at,
    });
    return {
      account,
      grants,
      session: { ...session, generation, previousGeneration: null, lastUsedAt: at },
      supersededGuestId: null,
      remembered: { id: userId, mark: passwordMark(passwordHash) },
      accessToken: accessTokens.issue({
        userId,
        sessionId,
        generation,
        ...assuranceOf(session),
        ...grants,
      }),
      refreshToken: { token: refreshTokens.write(token), expiresAt },
    };
  };
}
