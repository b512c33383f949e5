import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSessions1767225600002 implements MigrationInterface {
  readonly name = 'CreateSessions1767225600002';

  async up(runner: QueryRunner): Promise<void> {
    // No index holds a column that a rotation changes, and pages keep room for the new row version:
    // rotations then stay heap-only updates.
    await runner.query(`
      CREATE TABLE sessions (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        generation integer NOT NULL,
        previous_generation integer,
        delivered_generation integer NOT NULL,
        rotated_at timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        revoked_at timestamptz(3),
        revoked_reason text,
        outdated_generation integer,
        replaced_from integer,
        replaced_to integer,
        notable_at timestamptz(3),
        user_agent text,
        ip inet,
        CONSTRAINT sessions_pkey PRIMARY KEY (id),
        CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      ) WITH (fillfactor = 88);
      CREATE INDEX sessions_user_id_id_idx ON sessions (user_id, id);
      CREATE INDEX sessions_notable_at_idx ON sessions (notable_at) WHERE notable_at IS NOT NULL;
      CREATE INDEX sessions_expires_at_idx ON sessions USING brin (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sessions');
  }
}
