import { createHash } from 'node:crypto';

/**
 * Sessions that everything about can be computed from their number, so that pgbench, which remembers
 * nothing, knows what to present. $1 is how many.
 */
export const freshSessions: readonly string[] = [
  'TRUNCATE users CASCADE',
  `INSERT INTO users (id, email, email_canonical, password_hash, created_at, updated_at, last_seen_at)
   SELECT ${userIdOf('n')}, n || '@example.com', n || '@example.com', 'none', now(), now(), now()
   FROM generate_series(0, $1::int - 1) n`,
  `INSERT INTO sessions (id, user_id, generation, delivered_generation, created_at, last_used_at, expires_at)
   SELECT ${sessionIdOf('n')}, ${userIdOf('n')}, 1, 1, now(), now(), now() + interval '180 days'
   FROM generate_series(0, $1::int - 1) n`,
  // Both rows of a session side by side, as a log-in writes them: on one page.
  `INSERT INTO refresh_tokens (user_id, session_id, slot, generation, token_hash, iat, exp, revoked)
   SELECT ${userIdOf('n')}, ${sessionIdOf('n')}, slot, 1 - slot, CASE slot WHEN 0 THEN ${hashOf('n', '1')} ELSE '' END,
          now(), now() + interval '15 days', slot = 1
   FROM (SELECT n, unnest(ARRAY[0, 1]) AS slot FROM generate_series(0, $1::int - 1) n) of_session`,
  'ANALYZE',
];

/** SQL for the id of a session, by SQL for its number. */
export function sessionIdOf(number: string): string {
  return `('00000000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

export function userIdOf(number: string): string {
  return `('00000000-0000-7000-9000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

/** SQL for the hash of a session's refresh token in a generation. */
export function hashOf(number: string, generation: string): string {
  return `sha256(convert_to(${number} || '-' || ${generation}, 'UTF8'))`;
}

/** The same in this process. */
export function sessionId(number: number): string {
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function userId(number: number): string {
  return `00000000-0000-7000-9000-${number.toString(16).padStart(12, '0')}`;
}

export function tokenHash(number: number, generation: number): Buffer {
  return createHash('sha256').update(`${number}-${generation}`).digest();
}
