import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trail is read by time: what happened, not when its row was numbered. */
export class OrderAuditEventsByTime1767225600021 implements MigrationInterface {
  readonly name = 'OrderAuditEventsByTime1767225600021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_events_type_id_idx;
      CREATE INDEX audit_events_at_id_idx ON audit_events (at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_events_at_id_idx;
      CREATE INDEX audit_events_type_id_idx ON audit_events (type, id);
    `);
  }
}
