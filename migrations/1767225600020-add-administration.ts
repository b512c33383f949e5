import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddAdministration1767225600020 implements MigrationInterface {
  readonly name = 'AddAdministration1767225600020';

  async up(runner: QueryRunner): Promise<void> {
    // The indexes serve the administrators' lists, which are paged by key.
    await runner.query(`
      ALTER TABLE users ADD COLUMN last_seen_at timestamptz(3);
      UPDATE users u SET last_seen_at = coalesce(
        (SELECT max(s.last_used_at) FROM sessions s WHERE s.user_id = u.id), u.created_at);
      ALTER TABLE users ALTER COLUMN last_seen_at SET NOT NULL;
      CREATE INDEX users_created_at_id_idx ON users (created_at, id);
      CREATE INDEX users_last_seen_at_id_idx ON users (last_seen_at, id);
      CREATE INDEX users_email_prefix_idx ON users (email_canonical text_pattern_ops);
      CREATE INDEX users_username_prefix_idx ON users (username_canonical text_pattern_ops);
      ALTER TABLE audit_events ADD COLUMN actor_id uuid;
      CREATE INDEX audit_events_actor_id_id_idx ON audit_events (actor_id, id);
      CREATE INDEX audit_events_type_id_idx ON audit_events (type, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_events_type_id_idx;
      DROP INDEX audit_events_actor_id_id_idx;
      ALTER TABLE audit_events DROP COLUMN actor_id;
      DROP INDEX users_username_prefix_idx;
      DROP INDEX users_email_prefix_idx;
      DROP INDEX users_last_seen_at_id_idx;
      DROP INDEX users_created_at_id_idx;
      ALTER TABLE users DROP COLUMN last_seen_at;
    `);
  }
}
