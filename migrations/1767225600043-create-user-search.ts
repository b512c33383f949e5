import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whom administrators look for, by any part of an address or a name. The text stands in a table of its
 * own: beside `last_seen_at`, which changes by the hour, its index would be written by the hour too. The
 * index is one over arrays, which every PostgreSQL has; the extension pg_trgm is not everywhere.
 */
export class CreateUserSearch1767225600043 implements MigrationInterface {
  readonly name = 'CreateUserSearch1767225600043';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION user_search_trigrams(text) RETURNS text[]
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        AS $$ SELECT array(SELECT substr($1, i, 3) FROM generate_series(1, length($1) - 2) AS i) $$;
      CREATE TABLE user_search (
        user_id uuid NOT NULL,
        text text NOT NULL,
        CONSTRAINT user_search_pkey PRIMARY KEY (user_id),
        CONSTRAINT user_search_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      INSERT INTO user_search (user_id, text)
        SELECT id, lower(concat_ws(' ', email, username, first_name, last_name)) FROM users;
      CREATE INDEX user_search_trigrams_idx ON user_search USING gin (user_search_trigrams(text));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE user_search;
      DROP FUNCTION user_search_trigrams(text);
    `);
  }
}
