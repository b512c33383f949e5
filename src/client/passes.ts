import { isEnding } from './core/end.ts';
import type { Model, SignInOperation } from './core/model.ts';
import type { ErrorReason } from './generated/errors.ts';
import type { SessionUser } from './session-state.ts';
import { errorsIn } from './to-gatehouse-error.ts';
import type { Post } from './wire/post.ts';

/** What one operation goes out with. */
export interface Pass {
  /** Null: nobody is signed in. */
  readonly token: string | null;
  /** Aborted when somebody else is signed in, or nobody any more; the reason is a GatehouseError. */
  readonly signal: AbortSignal;
  /** Not aborted when the same person signs in anew: of what lasts, and connects anew then. */
  readonly lasting: AbortSignal;
}

/** What operations go out with. */
export interface Passes {
  /**
   * A token that is good by all that is known; at once, where there is one.
   *
   * @throws GatehouseError when it can't be known, or the session of whoever asked is over
   */
  readonly take: () => Pass | Promise<Pass>;
  /**
   * Tells whether the gateway refused what an operation went out with.
   *
   * @param answer the body of an answer, or what a client made of it
   * @returns whether to try it again with another pass, if it can't have done anything
   */
  readonly isRefused: (pass: Pass, answer: unknown) => boolean;
  /** Calls back with each newer token. @returns what stops that */
  readonly onToken: (listener: (pass: Pass) => void) => () => void;
}

/** What adapters need of a session, besides what applications do. */
export interface SessionPort extends Passes {
  /**
   * Sends what brings a new token, one tab at a time, and has it in all of them.
   *
   * @param bearer of `stepUp`: the token of the pass that was taken just now
   * @throws GatehouseError
   */
  readonly exchange: (
    operation: SignInOperation | 'stepUp',
    input: object,
    bearer?: string,
  ) => Promise<SessionUser>;
  readonly wire: Wire;
}

/** How the gateway is reached. */
export interface Wire extends Pick<Post, 'url' | 'fetch' | 'headers'> {
  readonly delivery: Model['delivery'];
}

/** Where adapters find them. */
export const passesOf: unique symbol = Symbol.for('graphql-gatehouse-client') as never;

/** Reasons that speak of the token that was sent, beside those that end a session. All others belong to the caller. */
const refusal = /^TOKEN_(EXPIRED|INVALID|MALFORMED)$/;

/** Why the gateway refused the token, according to the errors of an answer; undefined if it did not. */
export function refusalIn(answer: unknown): ErrorReason | undefined {
  const reasons = errorsIn(answer).map(({ extensions }) => extensions?.reason);
  return reasons.find((reason) => isEnding(reason) || refusal.test(`${reason}`));
}
