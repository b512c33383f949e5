import type { ErrorReason } from '../generated/errors.ts';
import { endForAll, isEnding } from './end.ts';
import type { Turn } from './turn.ts';

/** The gateway refused a token: that is news only of the one that is used now. */
export function refused(turn: Turn, token: string, reason: ErrorReason): void {
  if (turn.token?.token !== token) return;
  const isInvalid = reason === 'TOKEN_INVALID' || reason === 'TOKEN_MALFORMED';
  if (isEnding(reason) || (isInvalid && turn.isDoubtful)) {
    endForAll(turn, reason);
  } else {
    turn.bad = token;
    turn.token = null;
    turn.isDoubtful = isInvalid;
  }
}
