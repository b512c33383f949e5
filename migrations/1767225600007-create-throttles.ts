import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateThrottles1767225600007 implements MigrationInterface {
  readonly name = 'CreateThrottles1767225600007';

  async up(runner: QueryRunner): Promise<void> {
    // Counts of a few minutes: unlogged, for a crash may forget them. The columns are those that
    // rate-limiter-flexible expects.
    await runner.query(`
      CREATE UNLOGGED TABLE throttles (
        key varchar(255) NOT NULL,
        points integer NOT NULL DEFAULT 0,
        expire bigint,
        CONSTRAINT throttles_pkey PRIMARY KEY (key)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE throttles');
  }
}
