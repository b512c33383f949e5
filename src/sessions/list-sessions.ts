import type { Clock } from '../core/clock.ts';
import type { Session } from './session.ts';
import type { SessionStore } from './session-store.ts';

export interface SessionPage {
  readonly sessions: readonly Session[];
  readonly hasNextPage: boolean;
}

/** An account's live sessions, the newest first. `after` is the id of the last one already seen. */
export type ListSessions = (
  userId: string,
  page: { readonly first: number; readonly after: string | null },
) => Promise<SessionPage>;

export function createListSessions(sessions: Pick<SessionStore, 'list'>, now: Clock): ListSessions {
  return async (userId, { first, after }) => {
    const found = await sessions.list(userId, { first: first + 1, after }, now());
    return { sessions: found.slice(0, first), hasNextPage: found.length > first };
  };
}
