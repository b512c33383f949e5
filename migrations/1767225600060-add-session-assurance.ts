import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How strongly the person of a session has shown who they are, how, and when. Every session from before
 * was opened with a password, when it was made. The defaults write no row, and a process of the build
 * before goes on opening sessions.
 */
export class AddSessionAssurance1767225600060 implements MigrationInterface {
  readonly name = 'AddSessionAssurance1767225600060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions
        ADD COLUMN authenticated_at timestamptz(3),
        ADD COLUMN acr text NOT NULL DEFAULT 'aal1',
        ADD COLUMN amr text[] NOT NULL DEFAULT '{pwd}'
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions DROP COLUMN authenticated_at, DROP COLUMN acr, DROP COLUMN amr
    `);
  }
}
