import { setTimeout as sleep } from 'node:timers/promises';
import { SignUpClosed } from '../accounts/errors.ts';
import { createRegister } from '../accounts/register.ts';
import { createRegisterDiscreetly } from '../accounts/register-discreetly.ts';
import { createRefusalLog, type RefusalLog } from '../audit/refusal-log.ts';
import type { Stores } from '../db/database.ts';
import { createAskSecondFactor } from '../factors/pending-sign-in.ts';
import type { DeviceUseCases } from '../graphql/sessions/device.resolver.ts';
import { describeDevice } from '../graphql/sessions/device.ts';
import type { SessionUseCases } from '../graphql/sessions/session.resolver.ts';
import { createClaimRegistration } from '../guests/claim-registration.ts';
import { createSupersedeGuest } from '../guests/supersede-guest.ts';
import { createDeliveryAcknowledgements } from '../sessions/acknowledge-delivery.ts';
import { createAskStanding } from '../sessions/ask-standing.ts';
import { type Authenticate, createAuthenticate } from '../sessions/authenticate.ts';
import { createEndFamily } from '../sessions/end-family.ts';
import { createExchangeToken, type ExchangeTokenOptions } from '../sessions/exchange-token.ts';
import { createListSessions } from '../sessions/list-sessions.ts';
import { createLogIn } from '../sessions/log-in.ts';
import { createLogOut } from '../sessions/log-out.ts';
import { createNewSessions, type NewSessions } from '../sessions/new-session.ts';
import { createOpenPlainSession } from '../sessions/open-plain-session.ts';
import { createOpenSession, type OpenSession } from '../sessions/open-session.ts';
import { createPruneSessions } from '../sessions/prune-sessions.ts';
import { createRefreshSession, type RefreshSessionOptions } from '../sessions/refresh-session.ts';
import { createRefreshWithAny } from '../sessions/refresh-with-any.ts';
import { createRevokeOtherSessions, createRevokeSession } from '../sessions/revoke-sessions.ts';
import { createRegistrationMailThrottle } from '../throttling/mail-throttle.ts';
import { createRegistrationThrottle } from '../throttling/registration-throttle.ts';
import { createVerifiedTokenCache } from '../tokens/verified-token-cache.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Upgrades } from './guests.ts';
import type { Storage } from './storage.ts';

/** Milliseconds. */
const acknowledgeDelay = 200;
const refusalDelay = 1_000;
const firstPruning = 10 * 60_000;
const pruneInterval = 6 * 3_600_000;

/** How a session is opened, whatever somebody has shown for it. */
export interface Opening {
  readonly newSessions: NewSessions;
  readonly openSession: OpenSession<Stores>;
}

export function wireOpening(
  { config, now, newId, randomBytes, metrics }: Base,
  { accessTokens, refreshTokens }: Credentials,
  { upgradeGuest }: Upgrades,
): Opening {
  const newSessions = createNewSessions({
    now,
    newId,
    randomBytes,
    accessTokens,
    refreshTokens,
    refreshTokenTtl: config.refreshToken.ttl,
    maxAge: config.session.maxAge,
  });
  const openSession = createOpenSession<Stores>({
    newSessions,
    maxPerUser: config.session.maxPerUser,
    describeDevice,
    mailsNewDevices: config.mail.newDevices,
    claimRegistration: createClaimRegistration({ now, upgradeGuest }),
    supersedeGuest: createSupersedeGuest(() => metrics?.guestChanged('superseded')),
  });
  return { newSessions, openSession };
}

/** The use cases around sessions, for the public schema. */
export function wireSessions(
  { config, now, newId, randomBytes, metrics }: Base,
  { stores, transact, makeLimiter }: Storage,
  credentials: Credentials,
  refusals: RefusalLog,
  { askStanding, onSeen, endFamily }: Authentication,
  { newSessions, openSession }: Opening,
  { upgradeGuest }: Upgrades,
): SessionUseCases & DeviceUseCases {
  const { accessTokens, refreshTokens, passwordHasher, passwordPolicy, credentialThrottle } =
    credentials;
  const onRefused: RefreshSessionOptions['onRefused'] = ({ why, userId, sessionId, client }) =>
    refusals.note({
      type: 'refresh_token.refused',
      at: now(),
      userId,
      sessionId,
      ...client,
      detail: { why },
    });
  const refreshSession = createRefreshSession({
    now,
    randomBytes,
    accessTokens,
    refreshTokens,
    sessions: stores.sessions,
    transact,
    onRefused,
    onSettled: metrics?.refreshSettled,
    windows: config.refreshToken,
    refreshTokenTtl: config.refreshToken.ttl,
  });
  const isProofFirst = config.requireVerifiedEmail === 'login';
  const isSignUpClosed = config.signUp === 'closed';
  const registering = {
    now,
    newId,
    throttle: createRegistrationThrottle(makeLimiter),
    passwordPolicy,
    passwordHasher,
    transact,
  };
  return {
    register: isSignUpClosed
      ? refuseSignUp
      : isProofFirst
        ? createRegisterDiscreetly({
            ...registering,
            mailThrottle: createRegistrationMailThrottle(makeLimiter),
            pause: sleep,
          })
        : createRegister({ ...registering, openSession, upgradeGuest }),
    logIn: createLogIn({
      now,
      passwordHasher,
      throttle: credentialThrottle,
      accounts: stores.accounts,
      transact,
      openSession,
      openPlainSession: createOpenPlainSession({
        newId,
        newSessions,
        sessions: stores.sessions,
        maxPerUser: config.session.maxPerUser,
      }),
      askSecondFactor: createAskSecondFactor(credentials.oneTimeTokens, 'pwd'),
      refusals,
      pendingRegistrations: isProofFirst ? stores.registrations : undefined,
    }),
    refreshSession,
    refreshWithAny: createRefreshWithAny(refreshSession, refreshTokens),
    exchangeToken: createExchangeToken({
      now,
      accessTokens,
      refreshTokens,
      sessions: stores.sessions,
      askStanding,
      onSeen,
      endFamily,
      onRefused,
      onSettled: metrics?.refreshSettled,
      windows: config.refreshToken,
      secrets: config.tokenExchange.secrets,
    }),
    logOut: createLogOut({ now, refreshTokens, transact }),
    listSessions: createListSessions(stores.sessions, now),
    revokeSession: createRevokeSession({ now, transact }),
    revokeOtherSessions: createRevokeOtherSessions({ now, transact }),
  };
}

async function refuseSignUp(): Promise<never> {
  throw new SignUpClosed();
}

/** Events of requests that were refused before they cost anything. */
export function wireRefusals({ timers, log, onStop }: Base, { stores }: Storage): RefusalLog {
  const refusals = createRefusalLog({
    audit: stores.audit,
    schedule: (flush) => timers.after(refusalDelay, flush),
    onError: (err) => log.error({ err }, 'audit.failed'),
  });
  onStop(refusals.flush);
  return refusals;
}

export interface Authentication
  extends Pick<ExchangeTokenOptions, 'askStanding' | 'onSeen' | 'endFamily'> {
  readonly authenticate: Authenticate;
}

/** Who is asking, and what the answer to that leaves behind. */
export function wireAuthentication(
  { now, timers, log, metrics, onStop }: Base,
  { stores, transact, revocations }: Storage,
  { accessTokens, keyRing }: Credentials,
  isListening: () => boolean,
): Authentication {
  const acknowledgements = createDeliveryAcknowledgements({
    sessions: stores.sessions,
    schedule: (flush) => timers.after(acknowledgeDelay, flush),
    onError: (err) => log.warn({ err }, 'delivery_acknowledgement.failed'),
  });
  onStop(acknowledgements.flush);
  const endFamily = createEndFamily({ now, transact });
  const verifiedTokens = createVerifiedTokenCache(accessTokens, now, metrics?.tokenLookedUp);
  keyRing.onChange(verifiedTokens.clear);
  const askStanding = createAskStanding(stores.sessions.findNotable);
  const authenticate = createAuthenticate({
    accessTokens: verifiedTokens,
    revocations,
    isListening,
    askStanding,
    onSeen: acknowledgements.seen,
    onReplacedSeen: (claims) => {
      endFamily(claims).catch((err: unknown) =>
        log.error({ err, sessionId: claims.sid }, 'session.end_failed'),
      );
    },
  });
  return { authenticate, askStanding, onSeen: acknowledgements.seen, endFamily };
}

/** Clean-up now and then. */
export function schedulePruning({ now, timers, log }: Base, { transact }: Storage): void {
  const pruneSessions = createPruneSessions({ now, transact });
  const prune = () => {
    pruneSessions().then(
      (deleted) => deleted > 0 && log.info({ deleted }, 'sessions.pruned'),
      (err: unknown) => log.warn({ err }, 'sessions.prune_failed'),
    );
  };
  timers.after(firstPruning, prune);
  timers.every(pruneInterval, prune);
}
