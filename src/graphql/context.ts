import type DataLoader from 'dataloader';
import type { Account } from '../accounts/account.ts';
import type { GuestSession } from '../accounts/guest-session.ts';
import { isNothing, type ShownAssurance } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Locale } from '../mail/locale.ts';
import type { Authentication } from '../sessions/authenticate.ts';
import type { VerifiedClaims } from '../tokens/access-token-claims.ts';
import type { KnownDevice, RememberedAccount } from '../tokens/device-token.ts';
import { AccessRefused, AccountRequired, ImpersonationRefused } from '../tokens/errors.ts';
import type { Registration } from '../tokens/registrant-token.ts';
import type { RequestActivity } from './request-activity.ts';

/** The person behind a verified access token. */
export interface CurrentUser extends ShownAssurance {
  readonly id: string;
  readonly sessionId: string;
  /** Of the refresh token that the access token was issued with. */
  readonly generation: number;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** The administrator who acts in this person's place; null for the person. */
  readonly actorId: string | null;
}

/** The refresh token cookie of this request and its answer. Parsed only when somebody asks. */
export interface RefreshCookie {
  /** @throws OriginRefused when another site's page sent the request */
  readonly assertOrigin: () => void;
  /** The tokens that came under its name, at most one of which is ours. @throws OriginRefused as above */
  readonly read: () => readonly string[];
  readonly write: (token: string, expiresAt: Date) => void;
  /**
   * Only for who asked to be signed out. Whatever else ends a session clears nothing: by the time that
   * a refusal arrives, the browser may hold the cookie of a log-in that came after the question.
   */
  readonly clear: () => void;
  /** Clears it where the one that was sent is of this account or, as older ones don't tell, session. */
  readonly clearOf: (whose: { readonly userId: string; readonly sessionId: string }) => void;
}

/** The cookie by which a device is known again. It opens nothing. */
export interface DeviceCookie {
  readonly read: () => KnownDevice | undefined;
  /** Remembers that this device has signed in to an account. */
  readonly remember: (account: RememberedAccount) => void;
}

/** Names the sign-in that a browser has begun with a password. */
export interface PendingSignInCookie {
  /** Empty where there is none. @throws OriginRefused when another site's page sent the request */
  readonly read: () => string;
  readonly write: (challenge: string, expiresAt: Date) => void;
  readonly clear: () => void;
}

/** The cookie that binds a sign-in at a provider to the browser that began it. It opens nothing. */
export interface ProviderCookie {
  /** Empty where there is none. @throws OriginRefused when another site's page sent the request */
  readonly read: () => string;
  readonly write: (secret: string, expiresAt: Date) => void;
}

/** The cookie by which the browser is known that asked for a mail to sign in with. */
export interface EmailSignInCookie {
  /** What came under its name. The origin of the request has to be asserted before. */
  readonly read: () => readonly string[];
  readonly write: (binding: string, expiresAt: Date) => void;
}

/** The cookie by which the browser is known that made a registration. It opens nothing. */
export interface RegistrantCookie {
  readonly isOf: (registration: Registration) => boolean;
  readonly remember: (registration: Registration) => void;
}

/** In lower case, as Node has them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface GraphQLContext {
  readonly activity: RequestActivity;
  readonly client: Client;
  /** Aborted when the client has left before its answer. */
  readonly gone?: AbortSignal | undefined;
  /** As they came: what of them a subgraph gets is decided by its configuration. */
  readonly headers: RequestHeaders;
  /** The language in which the caller wants mails. Parsed only when somebody asks. */
  readonly locale: () => Locale;
  readonly authentication: Authentication;
  /** Null for an anonymous caller, and for a token that was refused. */
  readonly user: CurrentUser | null;
  /** Who has signed in by this very operation. */
  signedIn?: CurrentUser;
  /** Who has signed in by this very operation has to add a second factor, and may do nothing else. */
  mustEnrol?: boolean;
  readonly refreshCookie: RefreshCookie;
  readonly deviceCookie: DeviceCookie;
  readonly pendingSignInCookie: PendingSignInCookie;
  readonly providerCookie: ProviderCookie;
  readonly registrantCookie: RegistrantCookie;
  readonly emailSignInCookie: EmailSignInCookie;
  /** Accounts by id, each asked for once a request, together. */
  readonly accounts: DataLoader<string, Account | undefined>;
}

export function toCurrentUser(authentication: Authentication): CurrentUser | null {
  return authentication.kind === 'authenticated' ? userOf(authentication.claims) : null;
}

function userOf(claims: VerifiedClaims): CurrentUser {
  const { sub, sid, gen, roles, scope, act, acr = 'aal1', amr = [], auth_time } = claims;
  const scopes = scope === '' ? [] : scope.split(' ');
  const assurance = { acr, amr, authTime: auth_time };
  return {
    id: sub,
    sessionId: sid,
    generation: gen,
    roles,
    scopes,
    actorId: act?.sub ?? null,
    ...assurance,
  };
}

/**
 * The person who asks, and nobody in that person's place.
 *
 * Attack: an administrator who impersonates somebody to see what they see, and takes the account over.
 *
 * @throws AccessRefused, ImpersonationRefused
 */
export function requireSelf(context: GraphQLContext): CurrentUser {
  const user = requireUser(context);
  if (user.actorId !== null) throw new ImpersonationRefused();
  return user;
}

/**
 * The person who asks, who has an account.
 *
 * @throws AccessRefused, ImpersonationRefused, AccountRequired
 */
export function requireHolder(context: GraphQLContext): CurrentUser {
  return assertHolder(requireSelf(context));
}

/** @throws AccountRequired for a guest */
export function assertHolder(user: CurrentUser): CurrentUser {
  if (isNothing(user)) throw new AccountRequired();
  return user;
}

/**
 * The guest who asks, for what makes them an account, or signs them in to theirs.
 *
 * Attack, or rather accident: a token that has ended would make another account, or open the one that they have
 * asked for without them, and what the guest has left there would be lost. Where it was an account's it does
 * not matter.
 *
 * @throws AccessRefused for a guest's token that has ended
 */
export function guestToUpgrade(context: GraphQLContext): GuestSession | undefined {
  const { authentication } = context;
  if (authentication.kind === 'refused' && authentication.isGuests) requireUser(context);
  return guestOf(context);
}

/** The guest who asks. */
export function guestOf({ user }: Pick<GraphQLContext, 'user'>): GuestSession | undefined {
  if (!user || user.actorId !== null || !isNothing(user)) return undefined;
  return { userId: user.id, sessionId: user.sessionId };
}

/**
 * The person who asks, for what adds a second factor: they may be somebody who has to.
 *
 * @throws AccessRefused, ImpersonationRefused
 */
export function requireEnroller(context: GraphQLContext): CurrentUser {
  return selfOf(context) ?? requireSelf(context);
}

/** Whose session it is, if they ask themselves; they may have to add a second factor first. */
export function selfOf({
  user,
  authentication,
}: Pick<GraphQLContext, 'user' | 'authentication'>): CurrentUser | null {
  if (user) return user.actorId === null ? user : null;
  const enrolling = authentication.kind === 'refused' && authentication.enrolling;
  return enrolling ? userOf(enrolling) : null;
}

/** The person who asks. @throws AccessRefused when there is none, or the token was bad */
export function requireUser({
  user,
  authentication,
}: Pick<GraphQLContext, 'user' | 'authentication'>): CurrentUser {
  if (user) return user;
  if (authentication.kind === 'refused') {
    const { reason, detail, message } = authentication;
    throw new AccessRefused(reason, detail, message);
  }
  if (authentication.kind === 'unavailable') throw authentication.error;
  throw new AccessRefused('TOKEN_MISSING');
}
