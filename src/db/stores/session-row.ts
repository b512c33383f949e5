import type { AssuranceLevel, AuthenticationMethod } from '../../core/assurance.ts';
import type { GenerationRange, NotableSession } from '../../sessions/notable-session.ts';
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
  readonly replaced_from: number | null;
  readonly replaced_to: number | null;
  readonly user_agent: string | null;
  readonly ip: string | null;
  readonly authenticated_at: Date;
  readonly acr: AssuranceLevel;
  readonly amr: readonly AuthenticationMethod[];
}

/** The columns of a session under a table alias. */
export function sessionColumns(alias: string): string {
  return `
  ${alias}.id AS session_id, ${alias}.user_id AS session_user_id, ${alias}.generation,
  ${alias}.previous_generation, ${alias}.delivered_generation, ${alias}.rotated_at,
  ${alias}.created_at AS session_created_at, ${alias}.last_used_at, ${alias}.expires_at,
  ${alias}.revoked_at, ${alias}.replaced_from, ${alias}.replaced_to, ${alias}.user_agent, host(${alias}.ip) AS ip,
  coalesce(${alias}.authenticated_at, ${alias}.created_at) AS authenticated_at, ${alias}.acr, ${alias}.amr`;
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
    replaced: toRange(row),
    userAgent: row.user_agent,
    ip: row.ip,
    authenticatedAt: row.authenticated_at,
    acr: row.acr,
    amr: row.amr,
  };
}

/** A session whose access tokens changed their standing, as raw SQL returns it. */
export interface NotableRow {
  readonly notable_id: string;
  readonly notable_user_id: string;
  readonly revoked: boolean;
  readonly outdated_generation: number | null;
  readonly replaced_from: number | null;
  readonly replaced_to: number | null;
}

export function notableColumns(alias: string): string {
  return `
  ${alias}.id AS notable_id, ${alias}.user_id AS notable_user_id,
  ${alias}.revoked_at IS NOT NULL AS revoked, ${alias}.outdated_generation, ${alias}.replaced_from,
  ${alias}.replaced_to`;
}

/** What other processes are told: the columns alone, whatever else the row has. */
export function toNews(row: NotableRow): NotableRow {
  const { notable_id, notable_user_id, revoked, outdated_generation, replaced_from, replaced_to } =
    row;
  return { notable_id, notable_user_id, revoked, outdated_generation, replaced_from, replaced_to };
}

export function toNotable(row: NotableRow): NotableSession {
  return {
    sessionId: row.notable_id,
    userId: row.notable_user_id,
    revoked: row.revoked,
    outdatedGeneration: row.outdated_generation ?? 0,
    replaced: toRange(row),
  };
}

function toRange(row: Pick<NotableRow, 'replaced_from' | 'replaced_to'>): GenerationRange | null {
  return row.replaced_from === null || row.replaced_to === null
    ? null
    : { from: row.replaced_from, to: row.replaced_to };
}
