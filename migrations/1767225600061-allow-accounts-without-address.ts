import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts that are found in other ways than by an address, and opened by others than a password. */
export class AllowAccountsWithoutAddress1767225600061 implements MigrationInterface {
  readonly name = 'AllowAccountsWithoutAddress1767225600061';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        ALTER COLUMN email DROP NOT NULL,
        ALTER COLUMN email_canonical DROP NOT NULL,
        ALTER COLUMN password_hash DROP NOT NULL
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        ALTER COLUMN email SET NOT NULL,
        ALTER COLUMN email_canonical SET NOT NULL,
        ALTER COLUMN password_hash SET NOT NULL
    `);
  }
}
