import type { GatehouseError } from '../gatehouse-error.ts';
import type { FactorMethod } from '../generated/errors.ts';
import { passesOf } from '../passes.ts';
import type { LoginInput, Session } from '../session.ts';
import type { SessionUser } from '../session-state.ts';
import { ask } from './ask.ts';
import {
  type PasskeyAnswer,
  type PasskeyCeremony,
  type StepUpOptions,
  stepUpDocument,
} from './ceremony.ts';

/** One of them. */
export type SecondFactor =
  | { readonly totpCode: string }
  | { readonly recoveryCode: string }
  | { readonly passkey: PasskeyAnswer };

/** Where a sign-in is. Immutable: the same object until something changes. */
export type SignInState =
  | { readonly step: 'password' }
  | {
      /** The password was right: a second factor is asked for. */
      readonly step: 'factor';
      /** What the person can show; the best first. */
      readonly methods: readonly FactorMethod[];
      /** By the gateway's clock (ISO 8601): the password is asked for again after that. */
      readonly expiresAt: string | undefined;
    };

export interface SignIn {
  readonly state: SignInState;
  /** Calls back after each change of `state`. @returns what stops that */
  readonly subscribe: (listener: () => void) => () => void;
  /**
   * The first step.
   *
   * @returns null where a second factor is asked for: `state` says which
   * @throws GatehouseError as `session.login`, but `SECOND_FACTOR_REQUIRED`
   */
  readonly login: (input: LoginInput) => Promise<SessionUser | null>;
  /**
   * The first step in another way than a password, such as `signInWithEmailCode(session, …)`.
   *
   * @returns as `login`
   * @throws whatever the first step throws, but `SECOND_FACTOR_REQUIRED`
   */
  readonly begin: (first: Promise<SessionUser>) => Promise<SessionUser | null>;
  /**
   * What a device is asked, for `complete({ passkey })`; null where the account has no passkey.
   *
   * @throws GatehouseError
   */
  readonly beginPasskey: () => Promise<PasskeyCeremony | null>;
  /**
   * The second step.
   *
   * @throws GatehouseError, such as `CODE_INVALID`, `CODE_USED`; after `CEREMONY_EXPIRED` and
   *   `CEREMONY_INVALID` it begins with the password again, which `state` says
   */
  readonly complete: (factor: SecondFactor) => Promise<SessionUser>;
  /** Begins with the password again. */
  readonly cancel: () => void;
}

const begun: SignInState = { step: 'password' };
/** What was begun is no more, or the browser has dropped its cookie. */
const over = /^(CEREMONY_(EXPIRED|INVALID)|TOKEN_MISSING)$/;

/**
 * A sign-in of one or two steps. A page that signs in has one; who is signed in then, `session` tells.
 *
 * What the second step goes on with is in an HttpOnly cookie; with `delivery: 'body'` it is kept here,
 * and nowhere else.
 */
export function createSignIn(session: Session): SignIn {
  const listeners = new Set<() => void>();
  let state = begun;
  let challenge: string | undefined;

  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    login: (input) => begin(session.login(input)),
    begin,
    beginPasskey: () =>
      step(async () => {
        const input = challenge === undefined ? undefined : { challenge };
        const { beginStepUp } = await ask<{ beginStepUp: StepUpOptions }>(session, stepUpDocument, {
          input,
        });
        return beginStepUp.passkey;
      }),
    complete: (factor) =>
      step(async () => {
        const input = { ...factor, challenge };
        const user = await session[passesOf].exchange('completeSignIn', input);
        become(begun);
        return user;
      }),
    cancel: () => become(begun),
  };

  async function begin(first: Promise<SessionUser>): Promise<SessionUser | null> {
    try {
      const user = await first;
      become(begun);
      return user;
    } catch (error) {
      const { reason, stepUp } = error as GatehouseError;
      if (reason !== 'SECOND_FACTOR_REQUIRED' || !stepUp) throw error;
      challenge = stepUp.challenge;
      const { methods = [], expiresAt } = stepUp;
      become({ step: 'factor', methods: methods as readonly FactorMethod[], expiresAt });
      return null;
    }
  }

  async function step<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (over.test(`${(error as GatehouseError).reason}`)) become(begun);
      throw error;
    }
  }

  function become(next: SignInState): void {
    if (next === begun) challenge = undefined;
    if (next === state) return;
    state = next;
    for (const listener of [...listeners]) listener();
  }
}
