import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every row of a person is found by the person: their id stands first in the primary key, which is what
 * an engine that spreads rows over machines spreads them by. An audit event without a person is keyed
 * by its own id. The index on the session's id alone serves refresh tokens of the first version, which
 * don't carry the person, and the walk that clears sessions away.
 */
export class KeyRowsByPerson1767225600040 implements MigrationInterface {
  readonly name = 'KeyRowsByPerson1767225600040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE refresh_tokens DROP CONSTRAINT refresh_tokens_session_id_fkey;
      ALTER TABLE sessions DROP CONSTRAINT sessions_pkey;
      ALTER TABLE sessions ADD CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id);
      DROP INDEX sessions_user_id_id_idx;
      CREATE INDEX sessions_id_idx ON sessions (id);
      ALTER TABLE refresh_tokens ADD CONSTRAINT refresh_tokens_session_fkey
        FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE;

      ALTER TABLE email_changes DROP CONSTRAINT email_changes_pkey;
      ALTER TABLE email_changes ADD CONSTRAINT email_changes_pkey PRIMARY KEY (user_id, id);
      DROP INDEX email_changes_user_id_id_idx;

      UPDATE audit_events SET user_id = id WHERE user_id IS NULL;
      ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;
      ALTER TABLE audit_events ADD CONSTRAINT audit_events_pkey PRIMARY KEY (user_id, id);
      DROP INDEX audit_events_user_id_id_idx;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX audit_events_user_id_id_idx ON audit_events (user_id, id);
      ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;
      ALTER TABLE audit_events ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id);
      ALTER TABLE audit_events ALTER COLUMN user_id DROP NOT NULL;
      UPDATE audit_events SET user_id = NULL WHERE user_id = id;

      CREATE INDEX email_changes_user_id_id_idx ON email_changes (user_id, id);
      ALTER TABLE email_changes DROP CONSTRAINT email_changes_pkey;
      ALTER TABLE email_changes ADD CONSTRAINT email_changes_pkey PRIMARY KEY (id);

      ALTER TABLE refresh_tokens DROP CONSTRAINT refresh_tokens_session_fkey;
      DROP INDEX sessions_id_idx;
      CREATE INDEX sessions_user_id_id_idx ON sessions (user_id, id);
      ALTER TABLE sessions DROP CONSTRAINT sessions_pkey;
      ALTER TABLE sessions ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
      ALTER TABLE refresh_tokens ADD CONSTRAINT refresh_tokens_session_id_fkey
        FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE;
    `);
  }
}
