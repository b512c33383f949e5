import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How a sign-in at a provider is bound to who began it. Rows of the build before don't say it, and are over
 * within eleven minutes; a process of that build goes on to write such rows.
 */
export class AddProviderBindingKind1767225600101 implements MigrationInterface {
  readonly name = 'AddProviderBindingKind1767225600101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE provider_sign_ins ADD COLUMN binding_kind text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE provider_sign_ins DROP COLUMN binding_kind');
  }
}
