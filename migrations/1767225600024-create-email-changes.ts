import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateEmailChanges1767225600024 implements MigrationInterface {
  readonly name = 'CreateEmailChanges1767225600024';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE email_changes (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        left_email text NOT NULL,
        left_email_canonical text NOT NULL,
        changed_at timestamptz(3) NOT NULL,
        CONSTRAINT email_changes_pkey PRIMARY KEY (id),
        CONSTRAINT email_changes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE INDEX email_changes_user_id_id_idx ON email_changes (user_id, id);
      CREATE INDEX email_changes_left_email_canonical_idx ON email_changes (left_email_canonical);
      CREATE INDEX email_changes_changed_at_idx ON email_changes (changed_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE email_changes');
  }
}
