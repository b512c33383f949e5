import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAuditEvents1767225600006 implements MigrationInterface {
  readonly name = 'CreateAuditEvents1767225600006';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign keys: an event outlives the account and the session that it tells of.
    await runner.query(`
      CREATE TABLE audit_events (
        id uuid NOT NULL,
        type text NOT NULL,
        at timestamptz(3) NOT NULL,
        user_id uuid,
        session_id uuid,
        ip inet,
        user_agent text,
        detail jsonb NOT NULL,
        CONSTRAINT audit_events_pkey PRIMARY KEY (id)
      );
      CREATE INDEX audit_events_user_id_id_idx ON audit_events (user_id, id);
      CREATE INDEX audit_events_session_id_id_idx ON audit_events (session_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_events');
  }
}
