import type { Session } from '../../sessions/session.ts';

/** A session as raw SQL returns it. */
export interface SessionRow {
  readonly session_id: string;
  readonly session_user_id: string;
  readonly generation: number;
  readonly previous_generation: number | null;
  readonly delivered_generation: number;
  readonly rotated_at: Date | null;
  readonly session_created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
  readonly user_agent: string | null;
  readonly ip: string | null;
}

/** The columns of a session under a table alias. */
export function sessionColumns(alias: string): string {
  return `
  ${alias}.id AS session_id, ${alias}.user_id AS session_user_id, ${alias}.generation,
  ${alias}.previous_generation, ${alias}.delivered_generation, ${alias}.rotated_at,
  ${alias}.created_at AS session_created_at, ${alias}.last_used_at, ${alias}.expires_at,
  ${alias}.revoked_at, ${alias}.user_agent, host(${alias}.ip) AS ip`;
}

export function toSession(row: SessionRow): Session {
  return {
    id: row.session_id,
    userId: row.session_user_id,
    generation: row.generation,
    previousGeneration: row.previous_generation,
    deliveredGeneration: row.delivered_generation,
    rotatedAt: row.rotated_at,
    createdAt: row.session_created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    userAgent: row.user_agent,
    ip: row.ip,
  };
}
