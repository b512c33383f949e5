import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRoles1767225600005 implements MigrationInterface {
  readonly name = 'CreateRoles1767225600005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE roles (
        name text NOT NULL,
        is_default boolean NOT NULL,
        CONSTRAINT roles_pkey PRIMARY KEY (name)
      );
      CREATE TABLE role_permissions (
        role text NOT NULL,
        scope text NOT NULL,
        CONSTRAINT role_permissions_pkey PRIMARY KEY (role, scope),
        CONSTRAINT role_permissions_role_fkey FOREIGN KEY (role) REFERENCES roles (name) ON DELETE CASCADE
      );
      CREATE TABLE user_roles (
        user_id uuid NOT NULL,
        role text NOT NULL,
        CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role),
        CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT user_roles_role_fkey FOREIGN KEY (role) REFERENCES roles (name) ON DELETE RESTRICT
      );
      CREATE INDEX user_roles_role_idx ON user_roles (role);
      INSERT INTO roles (name, is_default) VALUES ('user', true);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE user_roles; DROP TABLE role_permissions; DROP TABLE roles');
  }
}
