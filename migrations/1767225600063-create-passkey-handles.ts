import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What devices are given to tell accounts apart, made with the first passkey that somebody begins. */
export class CreatePasskeyHandles1767225600063 implements MigrationInterface {
  readonly name = 'CreatePasskeyHandles1767225600063';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE passkey_handles (
        user_id uuid NOT NULL,
        handle text NOT NULL,
        CONSTRAINT passkey_handles_pkey PRIMARY KEY (user_id),
        CONSTRAINT passkey_handles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE passkey_handles');
  }
}
