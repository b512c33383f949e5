import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddMailUserAgent1767225600050 implements MigrationInterface {
  readonly name = 'AddMailUserAgent1767225600050';

  async up(runner: QueryRunner): Promise<void> {
    // Of whoever caused the mail, so that it can say from which device; gone with the mail.
    await runner.query('ALTER TABLE mail_outbox ADD COLUMN user_agent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail_outbox DROP COLUMN user_agent');
  }
}
