import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a log-in asks the database, in one round trip each.
 *
 * Functions, for a statement sees what was committed before it began: one that waits for a lock would
 * go on with the roles of before. In a function each statement sees what was committed before itself.
 *
 * `find_account` asks for the identifier and then for the account, as two statements did, and asks the
 * second where there is nobody, too: how long it takes tells nobody whether there is an account.
 *
 * `open_plain_session` does nothing, and returns no row, wherever something is unusual.
 */
export class CreateLogInFunctions1767225600100 implements MigrationInterface {
  readonly name = 'CreateLogInFunctions1767225600100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION find_account(of_kind text, of_value text) RETURNS SETOF users
      LANGUAGE plpgsql STABLE ROWS 1 AS $$
      DECLARE
        owner uuid;
      BEGIN
        SELECT i.user_id INTO owner FROM identifiers i
        WHERE i.kind = of_kind AND i.value = of_value AND i.reserved_until IS NULL;
        RETURN QUERY SELECT u.* FROM users u
        WHERE u.id = coalesce(owner, '00000000-0000-0000-0000-000000000000');
      END $$;

      CREATE FUNCTION open_plain_session(
        of_user uuid, compared_hash text, new_session uuid, moment timestamptz, session_end timestamptz,
        agent text, address inet, new_token bytea, token_end timestamptz, shown_acr text, shown_amr text[],
        new_event uuid, most_sessions integer, is_known_device boolean
      ) RETURNS TABLE (account users, roles text[], scopes text[])
      LANGUAGE plpgsql ROWS 1 AS $$
      DECLARE
        holder users;
      BEGIN
        SELECT u.* INTO holder FROM users u WHERE u.id = of_user FOR NO KEY UPDATE;
        IF holder.password_hash IS DISTINCT FROM compared_hash OR holder.disabled_at IS NOT NULL
           OR holder.is_guest
           OR EXISTS (SELECT FROM totp_factors f WHERE f.user_id = of_user)
           OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = of_user)
           OR (SELECT count(*) FROM sessions s
               WHERE s.user_id = of_user AND s.revoked_at IS NULL AND s.expires_at > moment) >= most_sessions
           OR NOT is_known_device
              AND EXISTS (SELECT FROM sessions s WHERE s.user_id = of_user)
              AND NOT EXISTS (SELECT FROM sessions s
                              WHERE s.user_id = of_user AND s.user_agent IS NOT DISTINCT FROM agent)
        THEN
          RETURN;
        END IF;

        INSERT INTO sessions (id, user_id, generation, delivered_generation, created_at, last_used_at,
                              expires_at, user_agent, ip, authenticated_at, acr, amr)
        VALUES (new_session, of_user, 1, 0, moment, moment, session_end, agent, address, moment, shown_acr, shown_amr);
        INSERT INTO refresh_tokens (user_id, session_id, slot, generation, token_hash, iat, exp, revoked)
        VALUES (of_user, new_session, 0, 1, new_token, moment, token_end, false),
               (of_user, new_session, 1, 0, '', moment, moment, true);
        UPDATE users u SET last_seen_at = moment WHERE u.id = of_user AND u.last_seen_at < moment;
        INSERT INTO audit_events (id, type, at, user_id, session_id, ip, user_agent, detail)
        VALUES (new_event, 'session.opened', moment, of_user, new_session, address, agent, '{}');

        RETURN QUERY SELECT holder,
          ARRAY(SELECT r.role FROM user_roles r WHERE r.user_id = of_user ORDER BY r.role),
          ARRAY(SELECT DISTINCT p.scope FROM user_roles r JOIN role_permissions p ON p.role = r.role
                WHERE r.user_id = of_user ORDER BY p.scope);
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION open_plain_session;
      DROP FUNCTION find_account;
    `);
  }
}
