import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * People who have no account yet. They stand where accounts do, so that one becomes an account by a flag.
 * The lists of accounts leave them out, so that their indexes begin with it: ten accounts are found among
 * a million guests. The same indexes find the guests who have been away for long. An account that
 * waits for a proof of its address says which guests have asked for it.
 */
export class AddGuests1767225600090 implements MigrationInterface {
  readonly name = 'AddGuests1767225600090';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users ADD COLUMN is_guest boolean NOT NULL DEFAULT false,
                        ADD COLUMN asked_by uuid[];
      CREATE INDEX users_is_guest_created_at_id_idx ON users (is_guest, created_at, id);
      CREATE INDEX users_is_guest_last_seen_at_id_idx ON users (is_guest, last_seen_at, id);
      DROP INDEX users_created_at_id_idx;
      DROP INDEX users_last_seen_at_id_idx;
    `);
  }

  /** A build that knows no guests would take them for accounts. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM identifiers WHERE user_id IN (SELECT id FROM users WHERE is_guest);
      DELETE FROM users WHERE is_guest;
      CREATE INDEX users_created_at_id_idx ON users (created_at, id);
      CREATE INDEX users_last_seen_at_id_idx ON users (last_seen_at, id);
      DROP INDEX users_is_guest_last_seen_at_id_idx;
      DROP INDEX users_is_guest_created_at_id_idx;
      ALTER TABLE users DROP COLUMN asked_by, DROP COLUMN is_guest;
    `);
  }
}
