import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { byPassword } from '../src/core/assurance.ts';
import { createAccessTokenKeys } from '../src/keys/access-token-keys.ts';
import { createAccessTokens } from '../src/tokens/access-token.ts';
import { createRefreshTokens, refreshTokenHash } from '../src/tokens/refresh-token.ts';
import { accessTokenTtl, refreshTokenSecret, shared } from './gatehouse.ts';

/** Somebody who is signed in. */
export interface Person {
  readonly id: string;
  readonly sessionId: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly createdAt: Date;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly refreshTokenHash: Buffer;
}

const refreshTokens = createRefreshTokens([refreshTokenSecret]);
const accessTokens = createAccessTokens({
  now: () => new Date(),
  newId: () => uuidv7(),
  issuer: shared.PUBLIC_URL,
  audience: 'graph',
  ttl: accessTokenTtl,
  ...createAccessTokenKeys({} as never, shared.JWT_SECRET),
});

/** Invents people. Their tokens are good everywhere; what needs their rows has to have them stored. */
export function inventPeople(count: number): readonly Person[] {
  const createdAt = new Date(Math.floor(Date.now() / 1_000) * 1_000);
  return Array.from({ length: count }, () => {
    const id = uuidv7();
    const sessionId = uuidv7();
    const roles = ['reader'];
    const refreshToken = { userId: id, sessionId, generation: 1, secret: randomBytes(32) };
    const { token } = accessTokens.issue({
      userId: id,
      sessionId,
      generation: 1,
      authenticatedAt: createdAt,
      ...byPassword,
      roles,
      scopes: [],
    });
    return {
      id,
      sessionId,
      email: `${id}@example.com`,
      roles,
      createdAt,
      accessToken: token,
      refreshToken: refreshTokens.write(refreshToken),
      refreshTokenHash: refreshTokenHash(refreshToken),
    };
  });
}

const batch = 5_000;

/** Stores people with their sessions and refresh tokens, as a log-in of each would. */
export async function storePeople(
  client: pg.Client,
  people: readonly Person[],
  passwordHash = 'none',
): Promise<void> {
  for (let start = 0; start < people.length; start += batch) {
    const some = people.slice(start, start + batch);
    await client.query(
      `WITH person AS (
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bytea[], $5::timestamptz[])
           AS person (id, email, session_id, token_hash, at)
       ), account AS (
         INSERT INTO users (id, email, email_canonical, password_hash, first_name, last_name,
                            created_at, updated_at, last_seen_at)
         SELECT id, email, email, $6, 'Ada', 'Lovelace', at, at, at FROM person
       ), identifier AS (
         INSERT INTO identifiers (kind, value, user_id) SELECT 'email', email, id FROM person
       ), session AS (
         INSERT INTO sessions (id, user_id, generation, delivered_generation, created_at,
                               last_used_at, expires_at)
         SELECT session_id, id, 1, 1, at, at, at + interval '180 days' FROM person
       )
       INSERT INTO refresh_tokens (user_id, session_id, slot, generation, token_hash, iat, exp, revoked)
       SELECT id, session_id, slot, 1 - slot, CASE slot WHEN 0 THEN token_hash ELSE '' END, at,
              CASE slot WHEN 0 THEN at + interval '15 days' ELSE at END, slot = 1
       FROM (SELECT *, unnest(ARRAY[0, 1]) AS slot FROM person) of_session`,
      [
        some.map(({ id }) => id),
        some.map(({ email }) => email),
        some.map(({ sessionId }) => sessionId),
        some.map((person) => person.refreshTokenHash),
        some.map(({ createdAt }) => createdAt),
        passwordHash,
      ],
    );
  }
}
