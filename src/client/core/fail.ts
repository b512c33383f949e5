import type { GatehouseError } from '../gatehouse-error.ts';
import { endForAll, isEnding } from './end.ts';
import { isAlive } from './freshness.ts';
import { loggedOut } from './sign-out.ts';
import { conclude, type Turn } from './turn.ts';

/**
 * The exchange brought an error, or nothing at all.
 *
 * @param isStorage it was the storage, not the gateway
 */
export function failed(turn: Turn, number: number, error: GatehouseError, isStorage = false): void {
  const { flight } = turn;
  if (flight?.flight !== number) return;
  const isPassing = error.code === 'NETWORK' || error.retryable;
  const isLogout = flight.operation === 'logout';
  if (isLogout && !isPassing) loggedOut(turn, flight);
  else {
    // A login that is refused says nothing of the session that is here, and whoever logged out is
    // signed out here all the same: it is made up for later.
    conclude(turn, flight, flight.input && error);
    if (isLogout) backOff(turn, error);
    else if (!flight.input && flight.epoch === turn.epoch) refreshFailed(turn, error, isStorage);
  }
}

function refreshFailed(turn: Turn, error: GatehouseError, isStorage: boolean): void {
  const { reason } = error;
  if (isEnding(reason) || reason === 'TOKEN_MISSING') endForAll(turn, reason, error);
  else {
    backOff(turn, error);
    const isOffline = error.code === 'NETWORK' && error.retryable;
    const problem = isStorage ? 'storage' : isOffline ? 'offline' : 'unavailable';
    // While the old token lives, nobody needs to know.
    const isNews = isStorage || !isAlive(turn.token, turn.now);
    if (turn.error && isNews && turn.state.problem !== problem) {
      turn.state = { ...turn.state, problem };
    }
  }
}

/**
 * Half a second, doubling to half a minute, each tab another; and never sooner than it was told. A race
 * that another tab won is none of these failures: its token is there in a moment.
 */
function backOff(turn: Turn, error: GatehouseError): void {
  const { failures, now } = turn;
  const isRace = error.reason === 'REFRESH_TOKEN_SUPERSEDED' && failures < 3;
  const pause = Math.min(30_000, 500 * 2 ** failures) * (0.75 + now.chance / 2);
  turn.failures += 1;
  turn.error = isRace ? undefined : error;
  turn.retryAt =
    now.mono +
    (isRace
      ? 100 + 300 * now.chance
      : Math.max(pause, (Number(error.retryAfterSeconds) || 0) * 1000));
}
