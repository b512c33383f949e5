import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDeletedAccounts1767225600030 implements MigrationInterface {
  readonly name = 'CreateDeletedAccounts1767225600030';

  async up(runner: QueryRunner): Promise<void> {
    // What is left of an account for a week: no reference to a user, for that is gone.
    await runner.query(`
      CREATE TABLE deleted_accounts (
        user_id uuid NOT NULL,
        deleted_at timestamptz(3) NOT NULL,
        session_ids uuid[] NOT NULL,
        CONSTRAINT deleted_accounts_pkey PRIMARY KEY (user_id)
      );
      CREATE INDEX deleted_accounts_deleted_at_idx ON deleted_accounts (deleted_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deleted_accounts');
  }
}
