import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSigningKeys1767225600004 implements MigrationInterface {
  readonly name = 'CreateSigningKeys1767225600004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signing_keys (
        kid text NOT NULL,
        purpose text NOT NULL,
        alg text NOT NULL,
        public_jwk jsonb NOT NULL,
        sealed_private_key text NOT NULL,
        state text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        changed_at timestamptz(3) NOT NULL,
        CONSTRAINT signing_keys_pkey PRIMARY KEY (kid)
      );
      CREATE UNIQUE INDEX signing_keys_one_active_idx ON signing_keys (purpose) WHERE state = 'active';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_keys');
  }
}
