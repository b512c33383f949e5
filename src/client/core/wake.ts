import { drop, end } from './end.ts';
import { leaving, type Note } from './model.ts';
import { leave } from './sign-out.ts';
import { type Turn, wanted } from './turn.ts';

export interface Waking {
  readonly note: Note;
  /** The gateway's cookie says that nobody was signed in. */
  readonly isStranger: boolean;
  readonly isVisible: boolean;
  /** Somebody looks on: a page that is hidden waits until a token is needed. */
  readonly isWanted: boolean;
  /** Out of the back-forward cache: what other tabs told meanwhile was missed. */
  readonly isRestored: boolean;
}

/** The page begins, is seen again, or the network is back. */
export function woke(
  turn: Turn,
  { note, isStranger, isVisible, isWanted, isRestored }: Waking,
): void {
  const { status, sessionId } = turn.state;
  turn.isVisible = isVisible;
  // An impatient page is no reason to ask sooner than the gateway said.
  if (!turn.error?.retryAfterSeconds) turn.retryAt = 0;
  if (note === leaving) leave(turn);
  else if (isStranger && status === 'unknown') end(turn);
  else if (note === undefined) {
    // What was missed is not known.
    if (isRestored) turn.token = null;
  } else {
    turn.leaving = null;
    const isLate = note !== null && note === turn.over;
    if (status !== 'unknown' && note !== sessionId && !isLate) lose(turn);
  }
  if (isWanted && turn.state.status !== 'signed-out') wanted(turn);
}

export function hidden(turn: Turn): void {
  turn.isVisible = false;
}

/**
 * Another tab signed somebody in or out, and this one did not hear it: who is signed in is no longer
 * known. What is shown of the former user goes at once.
 */
function lose(turn: Turn): void {
  turn.state = { status: 'unknown', user: null, sessionId: null };
  drop(turn);
}
