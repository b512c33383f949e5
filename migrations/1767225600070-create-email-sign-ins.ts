import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sign-ins by mail that wait for their code or link. */
export class CreateEmailSignIns1767225600070 implements MigrationInterface {
  readonly name = 'CreateEmailSignIns1767225600070';

  async up(runner: QueryRunner): Promise<void> {
    // No reference to a user: whether there is one must make no difference.
    await runner.query(`
      CREATE TABLE email_sign_ins (
        id uuid NOT NULL,
        email text NOT NULL,
        email_canonical text NOT NULL,
        binding_hash bytea NOT NULL,
        attempts integer NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT email_sign_ins_pkey PRIMARY KEY (id)
      );
      CREATE INDEX email_sign_ins_email_canonical_idx ON email_sign_ins (email_canonical);
      CREATE INDEX email_sign_ins_expires_at_idx ON email_sign_ins (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE email_sign_ins');
  }
}
