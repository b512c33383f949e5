import type { Effect, Model, Moment } from './model.ts';
import { never, settle } from './settle.ts';
import type { Turn } from './turn.ts';

/** Nothing is known yet. */
export function initialModel(delivery: Model['delivery']): Model {
  return {
    delivery,
    state: { status: 'unknown', user: null, sessionId: null },
    epoch: 0,
    token: null,
    newestAt: -never,
    flight: null,
    flights: 0,
    queue: [],
    waiters: [],
    failures: 0,
    retryAt: 0,
    leaving: null,
    leavers: [],
  };
}

/** Nothing happened but that time went by. */
export function looked(): void {}

/**
 * The whole of a session's behaviour: what was known, and what happened, make what is known, and what
 * is to be done. It does nothing itself and keeps nothing.
 *
 * @param happening one of those beside this file: `wanted`, `asked`, `granted`, `answered`, `failed`,
 *   `refused`, `heard`, `woke`, `hidden`, `looked`
 */
export function decide<Details extends unknown[]>(
  model: Model,
  now: Moment,
  happening: (turn: Turn, ...details: Details) => void,
  ...details: Details
): readonly [Model, readonly Effect[]] {
  const turn: Turn = { ...model, now, effects: [] };
  happening(turn, ...details);
  settle(turn);
  return [turn, turn.effects];
}
