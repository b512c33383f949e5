import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePendingRegistrations1767225600022 implements MigrationInterface {
  readonly name = 'CreatePendingRegistrations1767225600022';

  async up(runner: QueryRunner): Promise<void> {
    // No reference to a user: whether there was one already must make no difference.
    await runner.query(`
      CREATE TABLE pending_registrations (
        id uuid NOT NULL,
        email_canonical text NOT NULL,
        password_hash text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT pending_registrations_pkey PRIMARY KEY (id)
      );
      CREATE INDEX pending_registrations_email_canonical_id_idx ON pending_registrations (email_canonical, id);
      CREATE INDEX pending_registrations_created_at_idx ON pending_registrations (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pending_registrations');
  }
}
