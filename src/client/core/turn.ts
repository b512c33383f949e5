import { GatehouseError } from '../gatehouse-error.ts';
import type { Caller, Effect, Exchange, Model, Moment } from './model.ts';

type Draft = { -readonly [Field in keyof Model]: Model[Field] };

/** Something that happens: what was known becomes what is known, and what is to be done. */
export interface Turn extends Draft {
  readonly now: Moment;
  readonly effects: Effect[];
}

/** Somebody needs a token. */
export function wanted(turn: Turn, caller?: Caller): void {
  const waiter = {
    caller,
    userId: turn.state.user?.id,
    since: turn.now.mono,
    seen: turn.token?.token,
  };
  turn.waiters = [...turn.waiters, waiter];
}

/** Tells whoever asked for an exchange what came of it, and lets other tabs have their turn. */
export function conclude(turn: Turn, { caller }: Exchange, error?: GatehouseError): void {
  turn.effects.push(['settle', caller, error, null], ['land']);
  turn.flight = null;
}

export function sessionChanged(): GatehouseError {
  return new GatehouseError('SESSION_CHANGED', 'The session is another.');
}
