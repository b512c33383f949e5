import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Second factors. Secrets of codes are sealed, recovery codes hashed. */
export class CreateFactors1767225600062 implements MigrationInterface {
  readonly name = 'CreateFactors1767225600062';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE totp_factors (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        sealed_secret text NOT NULL,
        last_step integer NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT totp_factors_pkey PRIMARY KEY (user_id),
        CONSTRAINT totp_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE TABLE totp_setups (
        user_id uuid NOT NULL,
        sealed_secret text NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT totp_setups_pkey PRIMARY KEY (user_id),
        CONSTRAINT totp_setups_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE TABLE recovery_codes (
        user_id uuid NOT NULL,
        code_hash bytea NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash),
        CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE TABLE passkeys (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        credential_id text NOT NULL,
        public_key bytea NOT NULL,
        counter bigint NOT NULL,
        transports text[] NOT NULL,
        aaguid uuid NOT NULL,
        is_synced boolean NOT NULL,
        is_backed_up boolean NOT NULL,
        rp_id text NOT NULL,
        user_handle text NOT NULL,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        suspended_at timestamptz(3),
        CONSTRAINT passkeys_pkey PRIMARY KEY (user_id, id),
        CONSTRAINT passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE TABLE spent_challenges (
        user_id uuid NOT NULL,
        id text NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT spent_challenges_pkey PRIMARY KEY (user_id, id),
        CONSTRAINT spent_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE spent_challenges;
      DROP TABLE passkeys;
      DROP TABLE recovery_codes;
      DROP TABLE totp_setups;
      DROP TABLE totp_factors;
    `);
  }
}
