import { adopt } from './adopt.ts';
import { end } from './end.ts';
import { isSignIn } from './fly.ts';
import { ageOf, isFresh } from './freshness.ts';
import type { Message, TokenMessage } from './model.ts';
import type { Turn } from './turn.ts';

/** Another tab tells something; it may run another version of this. */
export function heard(turn: Turn, message: Message): void {
  if (message.type === 'ask') tellToken(turn);
  else if (message.type === 'token') hearToken(turn, message);
  else if (message.type === 'over') {
    if (message.sessionId === turn.state.sessionId) end(turn, message.why);
    turn.over = message.sessionId;
  }
}

/** Another tab needs a token, and may have this one's. */
function tellToken({ now, token, effects }: Turn): void {
  if (!token || !isFresh(token, now)) return;
  effects.push(['tell', { ...token, age: ageOf(token, now), isSignIn: false }]);
}

/** Takes a token, if it is news. */
function hearToken(turn: Turn, message: TokenMessage): void {
  const { token, ttl, age, sessionId } = message;
  const isNews = turn.now.mono - age > turn.newestAt && age < ttl;
  // Whoever signs in here comes after those who were heard before: one tab at a time.
  const isLate = sessionId === turn.over || (turn.flight && isSignIn(turn.flight));
  if (!isNews || token === turn.bad || isLate) return;
  if (turn.delivery === 'cookie' || sessionId === turn.state.sessionId) adopt(turn, message);
  // Whether the two instances share a storage, the storage alone can tell.
  else if (message.isSignIn && turn.state.user) turn.token = null;
}
