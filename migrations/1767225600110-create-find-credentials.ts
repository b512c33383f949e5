import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The account of an identifier with what it may, as one value: beside the call of a function, an engine
 * that spreads rows over machines would not look up the roles. As `find_account`, it asks for the account
 * where there is nobody, too: how long it takes tells nobody whether there is one.
 *
 * `find_account` stays for processes of the build before, which may serve beside the new ones.
 */
export class CreateFindCredentials1767225600110 implements MigrationInterface {
  readonly name = 'CreateFindCredentials1767225600110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION find_credentials(of_kind text, of_value text)
      RETURNS TABLE (account users, roles text[], scopes text[])
      LANGUAGE plpgsql STABLE ROWS 1 AS $$
      DECLARE
        owner uuid;
      BEGIN
        SELECT i.user_id INTO owner FROM identifiers i
        WHERE i.kind = of_kind AND i.value = of_value AND i.reserved_until IS NULL;
        owner := coalesce(owner, '00000000-0000-0000-0000-000000000000');
        RETURN QUERY SELECT u,
          ARRAY(SELECT r.role FROM user_roles r WHERE r.user_id = owner ORDER BY r.role),
          ARRAY(SELECT DISTINCT p.scope FROM user_roles r JOIN role_permissions p ON p.role = r.role
                WHERE r.user_id = owner ORDER BY p.scope)
        FROM users u WHERE u.id = owner;
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION find_credentials');
  }
}
