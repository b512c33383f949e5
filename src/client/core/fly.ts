import { adopt } from './adopt.ts';
import { end } from './end.ts';
import {
  type Exchange,
  type Flight,
  leaving,
  type Note,
  type Renewed,
  type SignedIn,
  type Stored,
  type TokenMessage,
} from './model.ts';
import { leave, loggedOut } from './sign-out.ts';
import { conclude, sessionChanged, type Turn } from './turn.ts';

/**
 * It is this tab's turn, and no other had a token: it is looked at once more whether to send.
 *
 * @param stored with body delivery
 */
export function granted(turn: Turn, number: number, note: Note, stored?: Stored): void {
  const { flight } = turn;
  if (flight?.flight !== number) return;
  const isLogout = flight.operation === 'logout';
  if (flight.input && isStale(turn, flight)) conclude(turn, flight, sessionChanged());
  // Another tab told the gateway. Or somebody signed in meanwhile: the cookie is theirs.
  else if (isLogout && (!turn.leaving || (note !== undefined && note !== leaving))) {
    turn.leaving = null;
    conclude(turn, flight);
  } else if (flight.operation === 'refresh' && (note === leaving || stored?.isLeaving)) {
    conclude(turn, flight);
    leave(turn);
  } else if (flight.operation === 'refresh' && stored && !stored.token) {
    conclude(turn, flight);
    end(turn, turn.state.user ? 'TOKEN_MISSING' : undefined);
  } else turn.flight = { ...flight, isSent: true };
}

/** @param signedIn null: the answer to a logout */
export function answered(turn: Turn, number: number, signedIn: SignedIn | Renewed | null): void {
  const { flight } = turn;
  if (flight?.flight !== number) return;
  const { user, sessionId } = turn.state;
  const message = {
    type: 'token',
    user,
    sessionId,
    ...signedIn,
    isSignIn: isSignIn(flight),
  } as TokenMessage;
  if (!signedIn) loggedOut(turn, flight);
  else if (isStale(turn, flight) || message.sessionId === turn.over) {
    conclude(turn, flight, sessionChanged());
    if (!isStale(turn, flight)) end(turn, 'LOGOUT');
  } else {
    adopt(turn, message);
    // A step-up says nothing of whose session is here.
    if (flight.operation !== 'stepUp') turn.effects.push(['note', message.sessionId]);
    // Where somebody signs out, only a sign-in is newer.
    if (message.isSignIn) turn.effects.push(['leave', false]);
    turn.effects.push(['tell', message]);
    conclude(turn, flight);
  }
}

/**
 * Attack: an answer that comes after a sign-out, or of a session that another tab ended, signs in again;
 * and what one person showed to step up counts for another, who is signed in by now.
 */
export function isStale({ epoch }: Pick<Turn, 'epoch'>, flight: Flight): boolean {
  return isSignIn(flight) ? flight.epoch < 0 : flight.epoch !== epoch;
}

/** Whose session it brings is not known before. */
export function isSignIn({ input, operation }: Exchange): boolean {
  return !!input && operation !== 'stepUp';
}
