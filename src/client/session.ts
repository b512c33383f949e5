import type { passesOf, SessionPort } from './passes.ts';
import type { TokenStorage } from './ports/token-store.ts';
import type { SessionState, SessionUser } from './session-state.ts';
import type { TypedDocument } from './wire/typed-document.ts';

export interface SessionOptions {
  /** The gateway's GraphQL endpoint, such as `https://auth.example.com/graphql`. */
  readonly url: string;
  /**
   * How the refresh token comes: in an HttpOnly cookie (`cookie`, for browsers), or in the answer
   * (`body`, for clients that keep no cookies), which needs a `storage`.
   */
  readonly delivery?: 'cookie' | 'body';
  /** Where the refresh token is kept with `delivery: 'body'`. There is no default. */
  readonly storage?: TokenStorage;
  /** Other origins that may be sent the access token, such as `https://api.example.com`. */
  readonly origins?: readonly string[];
  /** Instead of the global one. */
  readonly fetch?: typeof fetch;
  /** The language of mails, such as `de`; else the browser's. */
  readonly locale?: string;
}

export interface RegisterInput {
  readonly email: string;
  readonly password: string;
  readonly username?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
}

export interface LoginInput {
  /** An e-mail address or a username. */
  readonly identifier: string;
  readonly password: string;
}

export interface Session {
  /** What is known by now: the same object until something changes. */
  readonly state: SessionState;
  /**
   * Calls back after each change of `state`. What a listener throws is reported and stops nobody; it
   * may call any method.
   *
   * @returns what stops that
   */
  readonly subscribe: (listener: () => void) => () => void;
  /** Resolves when the first answer came, or it is known that it can't be had. Never rejects. */
  readonly ready: Promise<void>;
  /**
   * An access token that can be sent; null when nobody is signed in.
   *
   * @throws GatehouseError when it can't be known: `NETWORK`, `SERVICE_UNAVAILABLE`, `RATE_LIMITED`,
   *   or `SESSION_CHANGED` when somebody else is signed in by now
   */
  readonly accessToken: () => Promise<string | null>;
  /** Makes an account and signs in. @throws GatehouseError */
  readonly register: (input: RegisterInput) => Promise<SessionUser>;
  /** @throws GatehouseError, such as `UNAUTHENTICATED` with `INVALID_CREDENTIALS` */
  readonly login: (input: LoginInput) => Promise<SessionUser>;
  /**
   * Signs out, here and in the other tabs at once. Resolves when the gateway knows, or could not be
   * told: then it is told before anything else is asked of it. Never rejects.
   */
  readonly logout: () => Promise<void>;
  /**
   * `fetch`, with the access token for the gateway and `origins`. A request whose token was refused is
   * sent once more with a newer one, if it can't have done anything.
   *
   * @throws GatehouseError when no token can be had, or `SESSION_CHANGED`
   */
  readonly fetch: typeof fetch;
  /**
   * Sends an operation to the gateway.
   *
   * @returns its data
   * @throws GatehouseError for the first of its errors, or when no answer came
   * @throws TypeError for a document without its text, which is not sent
   */
  readonly request: <Data = Record<string, unknown>, Variables = Record<string, unknown>>(
    document: TypedDocument<Data, Variables>,
    variables?: Variables,
  ) => Promise<Data>;
  /** Looks again, after a sleep that no page tells of: React Native's AppState. Undoes `close`. */
  readonly resume: () => void;
  /** Stops listening to the page and the other tabs, for hot reload and tests. */
  readonly close: () => void;
  /** For adapters. */
  readonly [passesOf]: SessionPort;
}
