import type { GatehouseError } from '../gatehouse-error.ts';
import type { SessionState, SessionUser } from '../session-state.ts';

/**
 * Two clocks, in milliseconds, and chance from 0 to 1. The wall clock sees sleep, the monotonic one
 * sees a clock that was put back. Neither is ever compared with the server's.
 */
export interface Moment {
  readonly wall: number;
  readonly mono: number;
  readonly chance: number;
}

/** An access token, whose it is, and when what brought it was sent. */
export interface Token extends TokenMessage {
  readonly wall: number;
  readonly mono: number;
  /** Milliseconds of its age at which a visible page renews it by itself. */
  readonly renewAt: number;
  /** By the monotonic clock: not before then, however short it lives. */
  readonly notBefore: number;
}

/** What the gateway answered to `stepUp`: a token of the session that is here. */
export interface Renewed {
  readonly token: string;
  /** Milliseconds: how long it lives in all, and how much of that is over. */
  readonly ttl: number;
  readonly age: number;
}

/** What the gateway answered to a sign-in or `refreshToken`, or another tab had of it. */
export interface SignedIn extends Renewed {
  readonly sessionId: string;
  readonly user: SessionUser;
}

/** Whoever asked: told an error, or a token, null for nobody. The core passes it on as it is. */
export type Caller = (error: GatehouseError | undefined, token: string | null) => void;

export type SignInOperation =
  | 'register'
  | 'login'
  | 'completeSignIn'
  | 'signInWithPasskey'
  | 'signInWithEmailCode'
  | 'signInWithEmailLink'
  | 'signInAsGuest'
  | 'completeProviderSignIn'
  | 'signInWithIdToken';

/** An operation that only one tab at a time may send. */
export interface Exchange {
  readonly operation: SignInOperation | 'refresh' | 'stepUp' | 'logout';
  readonly caller?: Caller | undefined;
  /** Of sign-ins and `stepUp`. */
  readonly input?: object | undefined;
  /** Of `stepUp` and `logout`, and of a guest who signs in: the access token, which says which session. */
  readonly bearer?: string | false | null | undefined;
  /** When it was asked for. */
  readonly epoch?: number;
}

/** An exchange under way. */
export interface Flight extends Exchange {
  readonly flight: number;
  /** When it was asked for; -1 when somebody signed out since. */
  readonly epoch: number;
  readonly isSent: boolean;
}

/** Somebody who waits for a token. */
export interface Waiter {
  readonly caller: Caller | undefined;
  readonly userId: string | undefined;
  /** By the monotonic clock. */
  readonly since: number;
  /** The token that was there already, and not good enough. */
  readonly seen: string | undefined;
}

/** Everything that is known. It is never changed: each event makes a new one. */
export interface Model {
  readonly delivery: 'cookie' | 'body';
  readonly state: SessionState;
  /** Raised by each sign-in, sign-out and change of user: answers of an older one are dropped. */
  readonly epoch: number;
  readonly token: Token | null;
  /** When the newest token that was ever here was asked for, by the monotonic clock. */
  readonly newestAt: number;
  /** The token that the gateway refused last: another tab may still believe in it. */
  readonly bad?: string;
  /** The next token is the last chance: the gateway said of one that it is none. */
  readonly isDoubtful?: boolean;
  readonly flight: Flight | null;
  readonly flights: number;
  readonly queue: readonly Exchange[];
  readonly waiters: readonly Waiter[];
  /** In a row; and when, by the monotonic clock, the next attempt may be made. */
  readonly failures: number;
  readonly retryAt: number;
  readonly error?: GatehouseError | undefined;
  /** The session that ended last, so that what comes late of it is known. */
  readonly over?: string;
  /** What is told to those who waited for it. */
  readonly ending?: GatehouseError;
  /** The logout that the gateway does not know of yet, and who waits until it does. */
  readonly leaving: Exchange | null;
  readonly leavers: readonly (Caller | undefined)[];
  readonly isVisible?: boolean;
}

/** What a tab tells the others. */
export type Message =
  /** Has anybody a token? */
  | { readonly type: 'ask' }
  | TokenMessage
  | { readonly type: 'over'; readonly sessionId: string; readonly why: Ending };

export interface TokenMessage extends SignedIn {
  readonly type: 'token';
  /** Somebody signed in just now. */
  readonly isSignIn: boolean;
}

export type Ending = NonNullable<SessionState['why']>;

/**
 * What all tabs of a browser can read at once: the session that was here last, `leaving` where a
 * logout has yet to reach the gateway, null for neither; undefined where nothing can be kept.
 */
export type Note = string | null | undefined;
export const leaving = 'leaving';

/** What the storage of body delivery holds. */
export interface Stored {
  readonly token: string | null;
  /** It is there for signing out alone. */
  readonly isLeaving: boolean;
}

/** What is to be done. */
export type Effect =
  /**
   * Take the lock, ask the other tabs, read the storage, and say `granted`. Then, unless it has landed,
   * send it, keep the refresh token that comes if the epoch is still the same, and say `answered` or
   * `failed`.
   */
  | readonly ['fly', flight: Flight]
  /** Whatever it is at, it is over: let others have their turn. */
  | readonly ['land']
  | readonly ['tell', message: Message]
  /** Keep whose session is here; only where it says this. */
  | readonly ['note', is: string | null, only?: string]
  /** Keep that a logout has yet to reach the gateway, or that there is none any more. */
  | readonly ['leave', isLeaving: boolean]
  /** `mark`: the refresh token in the storage is there for signing out alone. `forget`: it is no good. */
  | readonly ['store', work: 'mark' | 'forget']
  /** The former epoch is over; and it was another's, or is nobody's any more. */
  | readonly ['epoch', isOther: boolean]
  /** Look again in so many milliseconds; Infinity: never. */
  | readonly ['wake', delay: number]
  | readonly [
      'settle',
      caller: Caller | undefined,
      error: GatehouseError | undefined,
      token: string | null,
    ];
