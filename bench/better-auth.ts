import { createHmac } from 'node:crypto';
import type pg from 'pg';
import { shared } from './gatehouse.ts';
import type { LoadRequest } from './load-messages.ts';
import { startPeer } from './peer.ts';
import type { Person } from './people.ts';
import type { Contestant } from './requests.ts';

const base = '/api/auth';
export const sessionPath = `${base}/get-session`;
export const signInPath = `${base}/sign-in/email`;

/** Starts better-auth, which makes its tables. It answers its session check. */
export async function startBetterAuth(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<Contestant> {
  return { ...(await startPeer(name, 'better-auth', env)), path: sessionPath };
}

/** Stores people with their sessions in its tables, as a sign-in of each would. */
export async function storeInBetterAuth(
  client: pg.Client,
  people: readonly Person[],
  passwordHash = 'none',
): Promise<void> {
  await client.query(
    `WITH person AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
         AS person (id, email, session_id, token, at)
     ), account AS (
       INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
       SELECT id, 'Ada Lovelace', email, true, at, at FROM person
     ), credential AS (
       INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
       SELECT session_id, id, 'credential', id, $6, at, at FROM person
     )
     INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
     SELECT session_id, token, id, at + interval '7 days', at, at, '', '' FROM person`,
    [
      people.map(({ id }) => id),
      people.map(({ email }) => email),
      people.map(({ sessionId }) => sessionId),
      people.map(sessionToken),
      people.map(({ createdAt }) => createdAt),
      passwordHash,
    ],
  );
  await client.query('ANALYZE');
}

/** Its session check with the session cookie alone: a read of the session and the user. */
export function askForSession(person: Person): LoadRequest {
  return {
    headers: { cookie: sessionCookie(person) },
    expected: {
      session: {
        id: person.sessionId,
        token: sessionToken(person),
        userId: person.id,
        expiresAt: new Date(person.createdAt.getTime() + 7 * 86_400_000).toISOString(),
        createdAt: person.createdAt.toISOString(),
        updatedAt: person.createdAt.toISOString(),
        ipAddress: '',
        userAgent: '',
      },
      user: userOf(person),
    },
  };
}

/** The same with the cookie that it caches the session in, which it gives to each of them first. */
export async function askWithCachedSession(
  { server }: Contestant,
  people: readonly Person[],
): Promise<readonly LoadRequest[]> {
  const requests: LoadRequest[] = [];
  for (const person of people) {
    const request = askForSession(person);
    const { headers } = request;
    const answer = await fetch(`http://127.0.0.1:${server.port}${sessionPath}`, { headers });
    await answer.arrayBuffer();
    const [cached] = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    if (!cached) throw new Error('better-auth caches no session');
    requests.push({ ...request, headers: { cookie: `${headers.cookie}; ${cached}` } });
  }
  return requests;
}

/** Its sign-in with e-mail and password. */
export function signInAs(person: Person, password: string): LoadRequest {
  return {
    headers: { origin: shared.PUBLIC_URL },
    body: JSON.stringify({ email: person.email, password }),
    expected: { redirect: false, user: userOf(person) },
  };
}

function userOf({ id, email, createdAt }: Person) {
  const at = createdAt.toISOString();
  const name = 'Ada Lovelace';
  return { id, name, email, emailVerified: true, image: null, createdAt: at, updatedAt: at };
}

/** As long as its own are. */
function sessionToken({ sessionId }: Person): string {
  return sessionId.replaceAll('-', '');
}

function sessionCookie(person: Person): string {
  const token = sessionToken(person);
  const signature = createHmac('sha256', shared.JWT_SECRET).update(token).digest('base64');
  return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
}
