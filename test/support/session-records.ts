import type { DataSource } from 'typeorm';

/** Reads what stands in the database about a session. */
export interface SessionRecords {
  /** Everything: to show that nothing changed. */
  readonly all: (sessionId: string) => Promise<unknown>;
  readonly tokenRows: (sessionId: string) => Promise<number>;
  /** Why it ended; null while it lives. */
  readonly endOf: (sessionId: string) => Promise<string | null>;
  /** The types of its audit events, in order, but for its opening. */
  readonly events: (sessionId: string) => Promise<readonly string[]>;
  readonly eventDetail: (sessionId: string, type: string) => Promise<unknown>;
}

export function readSessionRecords(query: DataSource['query']): SessionRecords {
  const events = (sessionId: string): Promise<{ type: string; detail: unknown }[]> =>
    query(
      `SELECT type, detail FROM audit_events WHERE session_id = $1 AND type <> 'session.opened'
       ORDER BY at, id`,
      [sessionId],
    );
  return {
    all: (sessionId) =>
      query(
        `SELECT s.*, t.generation AS token_generation, t.token_hash, t.iat, t.exp, t.revoked,
                t.rotated_at AS token_rotated_at, t.successor_salt
         FROM sessions s LEFT JOIN refresh_tokens t ON t.user_id = s.user_id AND t.session_id = s.id
         WHERE s.id = $1 ORDER BY t.generation`,
        [sessionId],
      ),
    async tokenRows(sessionId) {
      const rows = await query('SELECT 1 FROM refresh_tokens WHERE session_id = $1', [sessionId]);
      return rows.length;
    },
    async endOf(sessionId) {
      const [row] = await query('SELECT revoked_reason FROM sessions WHERE id = $1', [sessionId]);
      return row.revoked_reason;
    },
    events: async (sessionId) => (await events(sessionId)).map(({ type }) => type),
    eventDetail: async (sessionId, type) =>
      (await events(sessionId)).find((event) => event.type === type)?.detail,
  };
}
