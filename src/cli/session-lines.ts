import type { Database } from '../db/database.ts';
import { createListSessions } from '../sessions/list-sessions.ts';
import type { Session } from '../sessions/session.ts';

/** A session as a command shows it. */
export type ShownSession = Pick<
  Session,
  'id' | 'userId' | 'createdAt' | 'lastUsedAt' | 'expiresAt' | 'ip' | 'userAgent'
>;

/** More than an account can have at once. */
const most = 10_000;

/** The live sessions of an account, the newest first. */
export async function sessionsOf(
  { stores }: Database,
  userId: string,
): Promise<readonly ShownSession[]> {
  const listSessions = createListSessions(stores.sessions, () => new Date());
  const { sessions } = await listSessions(userId, { first: most, after: null });
  return sessions.map(({ id, createdAt, lastUsedAt, expiresAt, ip, userAgent }) => {
    return { id, userId, createdAt, lastUsedAt, expiresAt, ip, userAgent };
  });
}

/** What a browser calls itself is a stranger's text: it moves no cursor. */
export function sessionLine({ id, createdAt, lastUsedAt, ip, userAgent }: ShownSession): string {
  const agent = (userAgent ?? 'unknown device').replace(/\p{C}/gu, ' ');
  const times = `opened ${createdAt.toISOString()}, used ${lastUsedAt.toISOString()}`;
  return `${id}  ${times}  ${ip ?? '-'}  ${agent}`;
}
