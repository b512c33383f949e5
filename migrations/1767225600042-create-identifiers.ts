import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every way in which an account is found without its id: addresses and usernames in their canonical
 * form. That nobody has them twice is this key and nothing else, so that accounts can be spread over
 * machines by their id. An address that was left stays reserved for its account for a while.
 */
export class CreateIdentifiers1767225600042 implements MigrationInterface {
  readonly name = 'CreateIdentifiers1767225600042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identifiers (
        kind text NOT NULL,
        value text NOT NULL,
        user_id uuid NOT NULL,
        reserved_until timestamptz(3)
      );
      INSERT INTO identifiers (kind, value, user_id)
      SELECT 'email', email_canonical, id FROM users
      UNION ALL
      SELECT 'username', username_canonical, id FROM users WHERE username_canonical IS NOT NULL
      ORDER BY 1, 2;
      ALTER TABLE identifiers
        ADD CONSTRAINT identifiers_pkey PRIMARY KEY (kind, value),
        ADD CONSTRAINT identifiers_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE;
      INSERT INTO identifiers
      SELECT DISTINCT ON (left_email_canonical) 'email', left_email_canonical, user_id,
             changed_at + interval '72 hours'
      FROM email_changes ORDER BY left_email_canonical, changed_at DESC
      ON CONFLICT DO NOTHING;
      CREATE INDEX identifiers_user_id_idx ON identifiers (user_id);
      CREATE INDEX identifiers_reserved_until_idx ON identifiers (reserved_until)
        WHERE reserved_until IS NOT NULL;

      ALTER TABLE users
        DROP CONSTRAINT users_email_canonical_key,
        DROP CONSTRAINT users_username_canonical_key;
      DROP INDEX email_changes_left_email_canonical_idx;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX email_changes_left_email_canonical_idx ON email_changes (left_email_canonical);
      ALTER TABLE users
        ADD CONSTRAINT users_email_canonical_key UNIQUE (email_canonical),
        ADD CONSTRAINT users_username_canonical_key UNIQUE (username_canonical);
      DROP TABLE identifiers;
    `);
  }
}
