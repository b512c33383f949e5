import type { SessionState } from '../session-state.ts';
import { calm, drop } from './end.ts';
import { renewalAge } from './freshness.ts';
import type { TokenMessage } from './model.ts';
import type { Turn } from './turn.ts';

/**
 * Takes a token, and whose it is.
 *
 * Attack: what one person asked goes out under another's token, or the answer reaches the other's
 * page. A token of another user is another session: a new epoch begins.
 */
export function adopt(turn: Turn, message: TokenMessage): void {
  const { ttl, age, sessionId, user, isSignIn } = message;
  const { state, now } = turn;
  // What is renewed while it is good makes good the one that was not.
  if (turn.token) turn.isDoubtful = false;
  const isOther = state.user ? state.user.id !== user.id : state.status === 'signed-out';
  if (isSignIn || isOther) drop(turn, isOther);
  const next: SessionState = { status: 'signed-in', user, sessionId };
  // The same object where nothing has changed.
  if (JSON.stringify(state) !== JSON.stringify(next)) turn.state = next;
  turn.newestAt = now.mono - age;
  turn.token = {
    ...message,
    wall: now.wall - age,
    mono: turn.newestAt,
    renewAt: renewalAge(ttl, now.chance),
    notBefore: now.mono + 1000,
  };
  turn.leaving = null;
  calm(turn);
}
