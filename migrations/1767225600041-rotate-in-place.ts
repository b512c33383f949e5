import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Two rows a session, written in turn: a rotation marks the spent one and writes its successor over
 * the other. Nothing is inserted or deleted, no foreign key is checked, and no index holds a column
 * that a rotation changes, so that both new versions stay inside their page.
 *
 * For that the unique pair of user and hash goes: hashes of 32 random bytes don't meet, tokens are
 * found by session and generation, and its index cost a third of what a rotation writes. The index on
 * the end goes too; sessions that ended unused are found by a walk.
 *
 * The second row of a session that was never rotated holds no token: generation 0, ended, no hash.
 */
export class RotateInPlace1767225600041 implements MigrationInterface {
  readonly name = 'RotateInPlace1767225600041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rotated_tokens (
        user_id uuid NOT NULL,
        session_id uuid NOT NULL,
        slot smallint NOT NULL,
        generation integer NOT NULL,
        token_hash bytea NOT NULL,
        iat timestamptz(3) NOT NULL,
        exp timestamptz(3) NOT NULL,
        revoked boolean NOT NULL,
        rotated_at timestamptz(3),
        successor_salt bytea
      ) WITH (fillfactor = 88);

      INSERT INTO rotated_tokens
      SELECT s.user_id, s.id, slot, coalesce(t.generation, 0), coalesce(t.token_hash, ''),
             coalesce(t.iat, s.created_at), coalesce(t.exp, s.created_at),
             coalesce(t.revoked, true), t.rotated_at, t.successor_salt
      FROM sessions s
      JOIN refresh_tokens c ON c.session_id = s.id AND c.generation = s.generation
      CROSS JOIN generate_series(0, 1) AS slot
      LEFT JOIN refresh_tokens t ON t.session_id = s.id
        AND t.generation = CASE slot WHEN 0 THEN s.generation ELSE s.previous_generation END
      ORDER BY s.id, slot;

      DROP TABLE refresh_tokens;
      ALTER TABLE rotated_tokens RENAME TO refresh_tokens;
      ALTER TABLE refresh_tokens
        ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (user_id, session_id, slot),
        ADD CONSTRAINT refresh_tokens_session_fkey FOREIGN KEY (user_id, session_id)
          REFERENCES sessions (user_id, id) ON DELETE CASCADE,
        ADD CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE,
        ADD CONSTRAINT refresh_tokens_slot_check CHECK (slot IN (0, 1));
      DROP INDEX sessions_expires_at_idx;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX sessions_expires_at_idx ON sessions USING brin (expires_at);
      ALTER TABLE refresh_tokens RENAME TO rotated_tokens;
      ALTER TABLE rotated_tokens DROP CONSTRAINT refresh_tokens_pkey;
      CREATE TABLE refresh_tokens (
        session_id uuid NOT NULL,
        generation integer NOT NULL,
        user_id uuid NOT NULL,
        token_hash bytea NOT NULL,
        iat timestamptz(3) NOT NULL,
        exp timestamptz(3) NOT NULL,
        revoked boolean NOT NULL,
        rotated_at timestamptz(3),
        successor_salt bytea
      ) WITH (fillfactor = 88);
      INSERT INTO refresh_tokens
      SELECT session_id, generation, user_id, token_hash, iat, exp, revoked, rotated_at, successor_salt
      FROM rotated_tokens WHERE generation > 0 ORDER BY session_id, generation;
      DROP TABLE rotated_tokens;
      ALTER TABLE refresh_tokens
        ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (session_id, generation),
        ADD CONSTRAINT refresh_tokens_user_id_token_hash_key UNIQUE (user_id, token_hash),
        ADD CONSTRAINT refresh_tokens_session_fkey FOREIGN KEY (user_id, session_id)
          REFERENCES sessions (user_id, id) ON DELETE CASCADE,
        ADD CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE;
      CREATE INDEX refresh_tokens_exp_idx ON refresh_tokens USING brin (exp);
    `);
  }
}
