import type { Moment, Token } from './model.ts';

/**
 * Milliseconds since just before the token was asked for: the larger of what the two clocks say. The
 * wall clock counts sleep, the monotonic one goes on when the wall clock is put back.
 */
export function ageOf(token: Pick<Token, 'wall' | 'mono'>, now: Moment): number {
  return Math.max(now.wall - token.wall, now.mono - token.mono);
}

/** Whether it can be sent without a thought: it will still live when it arrives. */
export function isFresh(token: Token, now: Moment): boolean {
  return ageOf(token, now) < token.ttl - marginOf(token.ttl);
}

export function isAlive(token: Token | null, now: Moment): token is Token {
  return token !== null && ageOf(token, now) < token.ttl;
}

/** The age at which a visible page renews it: a little before the margin, each tab at another time. */
export function renewalAge(ttl: number, chance: number): number {
  return ttl - marginOf(ttl) * (1 + chance);
}

function marginOf(ttl: number): number {
  return Math.min(30_000, ttl * 0.15);
}
