import { end } from './end.ts';
import type { Caller, Exchange, Flight } from './model.ts';
import { conclude, sessionChanged, type Turn } from './turn.ts';

/** Somebody signs in or out, or steps up. */
export function asked(turn: Turn, exchange: Exchange): void {
  const { state, queue, flight } = turn;
  if (exchange.input) {
    turn.queue = [...queue, { ...exchange, epoch: turn.epoch }];
    // What is to be signed out first would be overwritten, and live on at the gateway.
    turn.retryAt = 0;
  } else if (state.status !== 'signed-out' || queue[0] || flight?.input)
    signOut(turn, exchange.caller);
  else turn.effects.push(['settle', exchange.caller, undefined, null]);
}

/** Here and in the other tabs at once; the gateway is told as soon as it can be. */
function signOut(turn: Turn, caller: Caller | undefined): void {
  const { effects, flight, state, token } = turn;
  const { sessionId } = state;
  if (sessionId) effects.push(['tell', { type: 'over', sessionId, why: 'LOGOUT' }]);
  end(turn, 'LOGOUT');
  effects.push(['store', 'mark'], ['leave', true]);
  turn.leaving = { operation: 'logout', bearer: token?.token };
  turn.leavers = [...turn.leavers, caller];
  // Whoever signs out does not want to be signed in by what was asked before.
  for (const { caller } of turn.queue) effects.push(['settle', caller, sessionChanged(), null]);
  turn.queue = [];
  if (flight) turn.flight = { ...flight, epoch: -1 };
}

/** Another page signed out, and the gateway may not know: it is told again rather than never. */
export function leave(turn: Turn): void {
  if (turn.state.status !== 'signed-out') end(turn, 'LOGOUT');
  turn.leaving ??= { operation: 'logout' };
}

/** The gateway knows, or there is nothing that it needs to know. */
export function loggedOut(turn: Turn, flight: Flight): void {
  turn.leaving = null;
  turn.effects.push(['store', 'forget'], ['leave', false]);
  conclude(turn, flight);
}
