import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUsers1767225600001 implements MigrationInterface {
  readonly name = 'CreateUsers1767225600001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid NOT NULL,
        email text NOT NULL,
        email_canonical text NOT NULL,
        username text,
        username_canonical text,
        password_hash text NOT NULL,
        first_name text,
        last_name text,
        avatar_url text,
        email_verified_at timestamptz(3),
        disabled_at timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT users_pkey PRIMARY KEY (id),
        CONSTRAINT users_email_canonical_key UNIQUE (email_canonical),
        CONSTRAINT users_username_canonical_key UNIQUE (username_canonical)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE users');
  }
}
