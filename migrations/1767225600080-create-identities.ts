import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts of providers that open accounts here; each is found by a row of `identifiers`. And sign-ins that
 * are on their way to a provider and back, of whom nothing can be read here: what they hold is sealed.
 */
export class CreateIdentities1767225600080 implements MigrationInterface {
  readonly name = 'CreateIdentities1767225600080';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identities (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        provider text NOT NULL,
        issuer text NOT NULL,
        subject text NOT NULL,
        email text,
        is_email_proved boolean NOT NULL,
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        CONSTRAINT identities_pkey PRIMARY KEY (user_id, id),
        CONSTRAINT identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE TABLE provider_sign_ins (
        state_hash bytea NOT NULL,
        code_hash bytea,
        provider text NOT NULL,
        return_to text NOT NULL,
        binding_hash bytea NOT NULL,
        sealed text NOT NULL,
        is_taken boolean NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT provider_sign_ins_pkey PRIMARY KEY (state_hash)
      );
      CREATE UNIQUE INDEX provider_sign_ins_code_hash_idx ON provider_sign_ins (code_hash)
        WHERE code_hash IS NOT NULL;
      CREATE INDEX provider_sign_ins_expires_at_idx ON provider_sign_ins (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE provider_sign_ins;
      DELETE FROM identifiers WHERE kind = 'identity';
      DROP TABLE identities;
    `);
  }
}
