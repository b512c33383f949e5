import type { GatehouseError } from '../gatehouse-error.ts';
import { ageOf, isAlive, isFresh } from './freshness.ts';
import type { Exchange, Waiter } from './model.ts';
import { conclude, sessionChanged, type Turn } from './turn.ts';

/** Milliseconds that somebody waits for what has failed already. */
const patience = 2_000;
/** Infinity, in few bytes. */
export const never = 1 / 0;

/** What follows from the model, whatever happened: who gets an answer, what flies, when to look again. */
export function settle(turn: Turn): void {
  const { effects, now, flight } = turn;
  // Whoever logs out waits for one attempt, whatever becomes of it.
  if (!turn.leaving || turn.error) {
    for (const caller of turn.leavers) effects.push(['settle', caller, undefined, null]);
    turn.leavers = [];
  }
  turn.waiters = turn.waiters.filter((waiter) => isKeptWaiting(turn, waiter));
  const isNeeded =
    flight?.isSent || flight?.operation !== 'refresh' || refreshDueAt(turn) <= now.mono;
  if (flight && !isNeeded) conclude(turn, flight);
  if (!turn.flight) takeOff(turn);
  const dueAt = turn.leaving ? turn.retryAt : refreshDueAt(turn);
  effects.push(['wake', turn.flight ? never : Math.max(1, dueAt - now.mono)]);
}

/** Tells somebody who waits for a token what can be told by now. */
function isKeptWaiting(turn: Turn, { caller, userId, seen, since }: Waiter): boolean {
  const { now, state, token, error, retryAt, effects } = turn;
  const isHopeless = error && !turn.flight && retryAt > now.mono;
  // A token that came since it was asked for is as fresh as one can be had.
  const isNew = token && (token.token !== seen || isFresh(token, now));
  let failure: GatehouseError | undefined;
  if (userId && state.user && userId !== state.user.id) failure = sessionChanged();
  else if (isNew || (isHopeless && isAlive(token, now))) {
    effects.push(['settle', caller, undefined, token.token]);
    return false;
  } else if (state.status === 'signed-out') failure = userId ? turn.ending : undefined;
  else if (isHopeless && retryAt - since > patience) failure = error;
  else return true;
  effects.push(['settle', caller, failure, null]);
  return false;
}

function takeOff(turn: Turn): void {
  const { leaving, now, queue, state, token } = turn;
  const [first, ...others] = queue;
  let next: Exchange | undefined;
  if (leaving && turn.retryAt <= now.mono) next = leaving;
  else if (first) {
    // What a guest has left goes on under the account: the gateway is told who it is that signs in. A
    // page that has just been opened may know it only now.
    next = first;
    if (state.user?.roles[0] === 'guest') next = { ...first, bearer: token?.token };
    turn.queue = others;
  } else if (refreshDueAt(turn) <= now.mono) next = { operation: 'refresh' };
  if (!next) return;
  turn.flights += 1;
  turn.flight = { epoch: turn.epoch, ...next, flight: turn.flights, isSent: false };
  turn.effects.push(['fly', turn.flight]);
}

/** When the next refresh is due, by the monotonic clock; never, where nobody needs one. */
function refreshDueAt({ now, state, token, retryAt, waiters, isVisible }: Turn): number {
  if (state.status === 'signed-out' || !(isVisible || waiters[0])) return never;
  if (!token || waiters[0]) return retryAt;
  return Math.max(retryAt, token.notBefore, now.mono + token.renewAt - ageOf(token, now));
}
