import type { GatehouseError } from '../gatehouse-error.ts';
import type { ErrorReason } from '../generated/errors.ts';
import type { Ending } from './model.ts';
import { sessionChanged, type Turn } from './turn.ts';

/**
 * What ends a session, and nothing else does: a network that is away, a busy gateway and a wrong
 * current password, which is a 401 as well, don't. `TOKEN_MISSING` does where a refresh brings it.
 */
export function isEnding(reason: ErrorReason | undefined): reason is ErrorReason {
  return /^(REFRESH_TOKEN_(INVALID|EXPIRED|REUSED)|SESSION_REVOKED|ACCOUNT_DISABLED)$/.test(
    `${reason}`,
  );
}

/** Nobody is signed in any more. */
export function end(turn: Turn, why?: Ending, error = sessionChanged()): void {
  const { sessionId } = turn.state;
  if (sessionId) {
    turn.over = sessionId;
    // Another session may be here by now, that this page has not heard of.
    turn.effects.push(['note', null, sessionId]);
  }
  turn.state = { status: 'signed-out', user: null, sessionId: null, ...(why && { why }) };
  turn.ending = error;
  drop(turn);
  calm(turn);
}

/** The session was found to be over: the other tabs needn't ask. */
export function endForAll(turn: Turn, why: ErrorReason, error?: GatehouseError): void {
  const { sessionId } = turn.state;
  turn.effects.push(['store', 'forget']);
  if (sessionId) turn.effects.push(['tell', { type: 'over', sessionId, why }]);
  // A stranger's first question is answered so, too: nothing was there to end.
  end(turn, why === 'TOKEN_MISSING' && !sessionId ? undefined : why, error);
}

/** The token is nobody's any more: nothing of the former epoch counts from here on. */
export function drop(turn: Turn, isOther = true): void {
  turn.token = null;
  turn.isDoubtful = false;
  turn.epoch += 1;
  turn.effects.push(['epoch', isOther]);
}

/** No failure counts any more. */
export function calm(turn: Turn): void {
  turn.failures = 0;
  turn.retryAt = 0;
  turn.error = undefined;
}
