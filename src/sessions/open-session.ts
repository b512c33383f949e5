import type { Grants } from '../access/grants.ts';
import type { Account } from '../accounts/account.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Proof } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId, RandomBytes } from '../core/random.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { AccessTokens } from '../tokens/access-token.ts';
import type { KnownDevice } from '../tokens/device-token.ts';
import { type RefreshTokens, refreshTokenHash } from '../tokens/refresh-token.ts';
import { assuranceOf, type Session } from './session.ts';
import type { SessionStore } from './session-store.ts';
import type { SignedIn } from './signed-in.ts';

export interface OpenSessionStores {
  readonly sessions: SessionStore;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface OpenSessionOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  /** Milliseconds that a refresh token lives unused, and a session at the most. */
  readonly refreshTokenTtl: number;
  readonly maxAge: number;
  readonly maxPerUser: number;
  /** What kind of device a user agent is, such as `Firefox on Linux`: versions don't make it new. */
  readonly describeDevice: (userAgent: string | null) => string;
  /** Whether the owner gets a mail about a new device. */
  readonly mailsNewDevices: boolean;
}

/** Opens a session for somebody who has just proved who they are, inside the caller's transaction. */
export type OpenSession = (
  stores: OpenSessionStores,
  who: { readonly account: Account; readonly grants: Grants },
  from: {
    readonly client: Client;
    readonly device: KnownDevice | undefined;
    readonly locale: Locale;
    readonly proof: Proof;
  },
) => Promise<SignedIn>;

export function createOpenSession(options: OpenSessionOptions): OpenSession {
  const { now, newId, accessTokens, refreshTokens } = options;

  return async (stores, { account, grants }, { client, device, locale, proof }) => {
    const { sessions, audit, outbox } = stores;
    const at = now();
    const session: Session = {
      id: newId(),
      userId: account.id,
      generation: 1,
      previousGeneration: null,
      deliveredGeneration: 0,
      rotatedAt: null,
      createdAt: at,
      lastUsedAt: at,
      expiresAt: new Date(at.getTime() + options.maxAge),
      revokedAt: null,
      replaced: null,
      authenticatedAt: at,
      ...proof,
      ...client,
    };
    const token = {
      userId: account.id,
      sessionId: session.id,
      generation: 1,
      secret: options.randomBytes(32),
    };
    const refreshTokenEnd = Math.min(
      at.getTime() + options.refreshTokenTtl,
      session.expiresAt.getTime(),
    );
    const expiresAt = new Date(refreshTokenEnd);

    await sessions.insert(session, {
      generation: 1,
      hash: refreshTokenHash(token),
      expiresAt,
      rotatedAt: null,
      successorSalt: null,
    });
    const about = { at, userId: account.id, ...client };
    await audit.record({ ...about, type: 'session.opened', sessionId: session.id });
    if (!device?.accounts.includes(account.id)) {
      const kind = options.describeDevice(client.userAgent);
      const known = await sessions.listUserAgents(account.id, session.id);
      if (known.length > 0 && !known.some((agent) => options.describeDevice(agent) === kind)) {
        const detail = { device: kind };
        await audit.record({ ...about, type: 'session.new_device', sessionId: session.id, detail });
        if (options.mailsNewDevices) {
          const mail = { template: 'new-device', locale, recipient: account.email } as const;
          const { userAgent } = client;
          await outbox.put({ ...mail, userId: account.id, preparedToken: null, userAgent }, at);
        }
      }
    }
    for (const ended of await sessions.revokeOldest(account.id, options.maxPerUser, at)) {
      await audit.record({ ...about, type: 'session.limit_reached', sessionId: ended });
    }

    return {
      account,
      grants,
      session,
      accessToken: accessTokens.issue({
        userId: account.id,
        sessionId: session.id,
        generation: 1,
        ...assuranceOf(session),
        ...grants,
      }),
      refreshToken: { token: refreshTokens.write(token), expiresAt },
    };
  };
}
