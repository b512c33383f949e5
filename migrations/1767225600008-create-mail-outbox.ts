import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateMailOutbox1767225600008 implements MigrationInterface {
  readonly name = 'CreateMailOutbox1767225600008';

  async up(runner: QueryRunner): Promise<void> {
    // Rows live for seconds. What is due is found by `due_at`, which a claim moves on: a lease and a
    // wait before the next attempt are the same thing.
    await runner.query(`
      CREATE TABLE mail_outbox (
        id uuid NOT NULL,
        template text NOT NULL,
        locale text NOT NULL,
        recipient text NOT NULL,
        user_id uuid,
        prepared_token jsonb,
        attempts integer NOT NULL,
        due_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT mail_outbox_pkey PRIMARY KEY (id),
        CONSTRAINT mail_outbox_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE INDEX mail_outbox_due_at_idx ON mail_outbox (due_at);
      CREATE INDEX mail_outbox_user_id_idx ON mail_outbox (user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_outbox');
  }
}
