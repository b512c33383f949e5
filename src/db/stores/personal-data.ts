import type { KeptEvent, PersonalDataStore } from '../../accounts/personal-data.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { type AccountRow, accountColumns, toAccount } from './account-row.ts';
import { rolesColumn } from './grants-sql.ts';

interface PersonRow extends AccountRow {
  readonly last_seen_at: Date;
  readonly roles: readonly string[];
}

const readPerson: Statement = {
  name: 'personal-data-account',
  text: `SELECT ${accountColumns}, u.last_seen_at, ${rolesColumn('$1')}
         FROM users u WHERE u.id = $1`,
};

interface LeftEmailRow {
  readonly left_email: string;
  readonly changed_at: Date;
}

const readLeftEmails: Statement = {
  name: 'personal-data-left-emails',
  text: 'SELECT left_email, changed_at FROM email_changes WHERE user_id = $1 ORDER BY id',
};

interface EmailSignInRow {
  readonly created_at: Date;
  readonly expires_at: Date;
}

const readEmailSignIns: Statement = {
  name: 'personal-data-email-sign-ins',
  text: `SELECT s.created_at, s.expires_at FROM email_sign_ins s
         WHERE s.email_canonical = (SELECT u.email_canonical FROM users u WHERE u.id = $1)
         ORDER BY s.id`,
};

interface KeptAuthenticatorRow {
  readonly kind: 'totp' | 'passkey';
  readonly name: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

const readAuthenticators: Statement = {
  name: 'personal-data-authenticators',
  text: `SELECT 'totp' AS kind, NULL AS name, created_at, NULL::timestamptz AS last_used_at
         FROM totp_factors WHERE user_id = $1
         UNION ALL
         SELECT 'passkey', name, created_at, last_used_at FROM passkeys WHERE user_id = $1`,
};

const countRecoveryCodes: Statement = {
  name: 'personal-data-recovery-codes',
  text: 'SELECT count(*)::integer AS count FROM recovery_codes WHERE user_id = $1',
};

interface KeptIdentityRow {
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

const readIdentities: Statement = {
  name: 'personal-data-identities',
  text: `SELECT provider, issuer, subject, email, created_at, last_used_at
         FROM identities WHERE user_id = $1 ORDER BY id`,
};

interface KeptSessionRow {
  readonly id: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
  readonly revoked_reason: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
}

const readSessions: Statement = {
  name: 'personal-data-sessions',
  text: `SELECT id, created_at, last_used_at, expires_at, revoked_at, revoked_reason,
                host(ip) AS ip, user_agent
         FROM sessions WHERE user_id = $1 ORDER BY id DESC LIMIT $2`,
};

interface KeptEventRow {
  readonly type: string;
  readonly at: Date;
  readonly by_administrator: boolean;
  readonly session_id: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly detail: KeptEvent['detail'];
}

const readEvents: Statement = {
  name: 'personal-data-events',
  text: `SELECT type, at, actor_id IS NOT NULL AS by_administrator, session_id, host(ip) AS ip,
                user_agent, detail
         FROM audit_events WHERE user_id = $1 ORDER BY id DESC LIMIT $2`,
};

export function createPersonalDataStore(run: RunStatement): PersonalDataStore {
  return {
    async read(userId, most) {
      const [person] = await run<PersonRow>(readPerson, [userId]);
      if (!person) return undefined;
      const leftEmails = await run<LeftEmailRow>(readLeftEmails, [userId]);
      const emailSignIns = await run<EmailSignInRow>(readEmailSignIns, [userId]);
      const authenticators = await run<KeptAuthenticatorRow>(readAuthenticators, [userId]);
      const [codes] = await run<{ count: number }>(countRecoveryCodes, [userId]);
      const identities = await run<KeptIdentityRow>(readIdentities, [userId]);
      const sessions = await run<KeptSessionRow>(readSessions, [userId, most]);
      const events = await run<KeptEventRow>(readEvents, [userId, most]);
      return {
        account: { ...toAccount(person), lastSeenAt: person.last_seen_at },
        roles: person.roles,
        leftEmails: leftEmails.map((row) => ({ email: row.left_email, leftAt: row.changed_at })),
        emailSignIns: emailSignIns.map((row) => ({
          requestedAt: row.created_at,
          expiresAt: row.expires_at,
        })),
        authenticators: authenticators.map((row) => ({
          kind: row.kind,
          name: row.name,
          createdAt: row.created_at,
          lastUsedAt: row.last_used_at,
        })),
        recoveryCodesLeft: codes?.count ?? 0,
        identities: identities.map((row) => ({
          provider: row.provider,
          issuer: row.issuer,
          subject: row.subject,
          email: row.email,
          createdAt: row.created_at,
          lastUsedAt: row.last_used_at,
        })),
        sessions: sessions.map((row) => ({
          id: row.id,
          createdAt: row.created_at,
          lastUsedAt: row.last_used_at,
          expiresAt: row.expires_at,
          revokedAt: row.revoked_at,
          revokedReason: row.revoked_reason,
          ip: row.ip,
          userAgent: row.user_agent,
        })),
        auditEvents: events.map((row) => ({
          type: row.type,
          at: row.at,
          byAdministrator: row.by_administrator,
          sessionId: row.session_id,
          ip: row.ip,
          userAgent: row.user_agent,
          detail: row.detail,
        })),
      };
    },
  };
}
