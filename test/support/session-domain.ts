import { createSecretKey, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { AccountStore } from '../../src/accounts/account-store.ts';
import { parseEmailAddress } from '../../src/accounts/email-address.ts';
import { byPassword } from '../../src/core/assurance.ts';
import type { Transact } from '../../src/core/transact.ts';
import type { Stores } from '../../src/db/database.ts';
import { createDeliveryAcknowledgements } from '../../src/sessions/acknowledge-delivery.ts';
import { createAskStanding } from '../../src/sessions/ask-standing.ts';
import { type Authentication, createAuthenticate } from '../../src/sessions/authenticate.ts';
import { createEndFamily } from '../../src/sessions/end-family.ts';
import { createLogIn, type LogIn } from '../../src/sessions/log-in.ts';
import { createLogOut } from '../../src/sessions/log-out.ts';
import { createNewSessions } from '../../src/sessions/new-session.ts';
import { createOpenPlainSession } from '../../src/sessions/open-plain-session.ts';
import { createOpenSession } from '../../src/sessions/open-session.ts';
import { createPruneSessions, type PruneSessions } from '../../src/sessions/prune-sessions.ts';
import { createRefreshSession } from '../../src/sessions/refresh-session.ts';
import type { RevocationSet } from '../../src/sessions/revocation-set.ts';
import {
  createRevokeOtherSessions,
  createRevokeSession,
  type RevokeOtherSessions,
  type RevokeSession,
} from '../../src/sessions/revoke-sessions.ts';
import type { SignedIn } from '../../src/sessions/signed-in.ts';
import { type AccessTokens, createAccessTokens } from '../../src/tokens/access-token.ts';
import { createRefreshTokens, type RefreshTokens } from '../../src/tokens/refresh-token.ts';
import { createVerifiedTokenCache } from '../../src/tokens/verified-token-cache.ts';
import { freshEmail, goodPassword } from './people.ts';
import { createPlainHasher, plainHash } from './plain-hasher.ts';
import type { TestClock } from './test-clock.ts';

export interface SessionStores extends Pick<Stores, 'sessions' | 'audit' | 'locks'> {
  readonly outbox: Pick<Stores['outbox'], 'put'>;
  readonly accounts: Pick<
    AccountStore,
    'insert' | 'findCredentials' | 'lock' | 'lockOfSession' | 'findByIds' | 'replacePasswordHash'
  >;
}

export interface SessionDomainOptions {
  readonly stores: SessionStores;
  readonly transact: Transact<SessionStores>;
  /** Told by the stores of what changed, as in a process. */
  readonly revocations: RevocationSet;
  readonly clock: TestClock;
  readonly settings?: Partial<SessionSettings>;
  /** Runs where a log-in has compared the password and not yet opened its session. */
  readonly whileHashing?: () => Promise<void>;
}

/** Milliseconds, as everywhere. */
export interface SessionSettings {
  readonly grace: number;
  readonly lostResponseGrace: number;
  readonly refreshTokenTtl: number;
  readonly maxAge: number;
  readonly maxPerUser: number;
}

/** The use cases of sessions, wired as the gateway wires them, with nothing around them. */
export interface SessionDomain {
  readonly signUp: (email?: string) => Promise<SignedIn>;
  readonly logIn: LogIn;
  /** Refreshes as somebody who came from somewhere. */
  readonly refresh: (refreshToken: string) => Promise<SignedIn>;
  /** Shows an access token, and waits until everything that follows from it is written. */
  readonly show: (accessToken: string) => Promise<Authentication>;
  readonly logOut: (refreshToken: string) => Promise<void>;
  readonly revokeSession: RevokeSession;
  readonly revokeOtherSessions: RevokeOtherSessions;
  readonly pruneSessions: PruneSessions;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
}

export const defaultSettings: SessionSettings = {
  grace: 10_000,
  lostResponseGrace: 24 * 3_600_000,
  refreshTokenTtl: 15 * 86_400_000,
  maxAge: 180 * 86_400_000,
  maxPerUser: 50,
};

export const testBrowser = { ip: '192.0.2.1', userAgent: 'test' };

export function createSessionDomain(options: SessionDomainOptions): SessionDomain {
  const { stores, transact, clock } = options;
  const { now } = clock;
  const settings = { ...defaultSettings, ...options.settings };
  const newId = () => uuidv7({ msecs: now().getTime() });
  const key = { algorithm: 'HS256', kid: 'test', key: createSecretKey(randomBytes(32)) } as const;
  const accessTokens = createAccessTokens({
    now,
    newId,
    issuer: 'test',
    audience: 'test',
    ttl: 900_000,
    signingKey: () => key,
    verificationKey: () => key,
  });
  const refreshTokens = createRefreshTokens(['a secret of these tests alone, 32 bytes']);
  const newSessions = createNewSessions({
    ...settings,
    now,
    newId,
    randomBytes,
    accessTokens,
    refreshTokens,
  });
  const openSession = createOpenSession({
    newSessions,
    maxPerUser: settings.maxPerUser,
    describeDevice: (userAgent) => userAgent ?? 'unknown',
    mailsNewDevices: false,
    claimRegistration: async () => undefined,
    supersedeGuest: async () => null,
  });
  const refreshSession = createRefreshSession({
    now,
    randomBytes,
    accessTokens,
    refreshTokens,
    sessions: stores.sessions,
    transact,
    onRefused: () => {},
    windows: settings,
    refreshTokenTtl: settings.refreshTokenTtl,
  });
  const acknowledgements = createDeliveryAcknowledgements({
    sessions: stores.sessions,
    schedule: () => {},
    onError: fail,
  });
  const endFamily = createEndFamily({ now, transact });
  const endings: Promise<void>[] = [];
  const authenticate = createAuthenticate({
    accessTokens: createVerifiedTokenCache(accessTokens, now),
    revocations: options.revocations,
    isListening: () => true,
    askStanding: createAskStanding(stores.sessions.findNotable),
    onSeen: acknowledgements.seen,
    onReplacedSeen: (claims) => endings.push(endFamily(claims)),
  });
  const logOut = createLogOut({ now, refreshTokens, transact });
  return {
    accessTokens,
    refreshTokens,
    refresh: (refreshToken) => refreshSession(refreshToken, testBrowser),
    async show(accessToken) {
      const authentication = await authenticate(`Bearer ${accessToken}`);
      await acknowledgements.flush();
      await Promise.all(endings.splice(0));
      return authentication;
    },
    logOut: (refreshToken) =>
      logOut({ refreshTokens: [refreshToken], session: undefined, client: testBrowser }),
    revokeSession: createRevokeSession({ now, transact }),
    revokeOtherSessions: createRevokeOtherSessions({ now, transact }),
    pruneSessions: createPruneSessions({ now, transact }),
    signUp: (address = freshEmail()) =>
      transact(async (within) => {
        const email = parseEmailAddress(address);
        if (!email) throw new Error('not an address');
        const passwordHash = plainHash(goodPassword);
        const registered = await within.accounts.insert({
          id: newId(),
          email,
          username: null,
          firstName: null,
          lastName: null,
          passwordHash,
          createdAt: now(),
        });
        return openSession(
          within,
          { ...registered, passwordHash },
          {
            client: testBrowser,
            device: undefined,
            locale: 'en',
            proof: byPassword,
          },
        );
      }),
    logIn: createLogIn({
      now,
      passwordHasher: createPlainHasher(options.whileHashing),
      throttle: { reserve: async () => ({ succeed: async () => {}, giveBack: async () => {} }) },
      accounts: stores.accounts,
      transact,
      openSession,
      openPlainSession: createOpenPlainSession({
        newId,
        newSessions,
        sessions: stores.sessions,
        maxPerUser: settings.maxPerUser,
      }),
      askSecondFactor: async () => undefined,
      refusals: { note: () => {} },
    }),
  };
}

function fail(error: unknown): never {
  throw error;
}
