import { adopt } from './adopt.ts';
import { end } from './end.ts';
import { type Flight, leaving, type Note, type SignedIn, type Stored } from './model.ts';
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
  if (flight.epoch < 0 && flight.input) conclude(turn, flight, sessionChanged());
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
export function answered(turn: Turn, number: number, signedIn: SignedIn | null): void {
  const { flight } = turn;
  if (flight?.flight !== number) return;
  if (!signedIn) loggedOut(turn, flight);
  else if (isStale(turn, flight) || signedIn.sessionId === turn.over) {
    conclude(turn, flight, sessionChanged());
    if (!isStale(turn, flight)) end(turn, 'LOGOUT');
  } else {
    const message = { type: 'token', ...signedIn, isSignIn: flight.input !== undefined } as const;
    adopt(turn, message);
    // Where somebody signs out, only a sign-in is newer.
    const note = ['note', signedIn.sessionId, message.isSignIn ? undefined : false] as const;
    turn.effects.push(note, ['tell', message]);
    conclude(turn, flight);
  }
}

/** Attack: an answer that comes after a sign-out, or of a session that another tab ended, signs in again. */
export function isStale({ epoch }: Pick<Turn, 'epoch'>, flight: Flight): boolean {
  return flight.input ? flight.epoch < 0 : flight.epoch !== epoch;
}
