/** By which column a table is spread over machines; a copy of it stands on each; or it stands on one. */
export type Place = { readonly by: string } | 'everywhere' | 'one machine';

/**
 * Where the rows of each table go on an engine that spreads them. Everything of a person goes by the
 * person, so that their log-in, refresh and log-out ask one machine; identifiers go by their value, for
 * they are what is known before the person is.
 */
export const placeOf: Readonly<Record<string, Place>> = {
  users: { by: 'id' },
  sessions: { by: 'user_id' },
  refresh_tokens: { by: 'user_id' },
  user_roles: { by: 'user_id' },
  email_changes: { by: 'user_id' },
  deleted_accounts: { by: 'user_id' },
  audit_events: { by: 'user_id' },
  user_search: { by: 'user_id' },
  totp_factors: { by: 'user_id' },
  totp_setups: { by: 'user_id' },
  recovery_codes: { by: 'user_id' },
  passkeys: { by: 'user_id' },
  passkey_handles: { by: 'user_id' },
  identities: { by: 'user_id' },
  spent_challenges: { by: 'user_id' },
  identifiers: { by: 'value' },
  roles: 'everywhere',
  role_permissions: 'everywhere',
  signing_keys: 'one machine',
  throttles: 'one machine',
  mail_outbox: 'one machine',
  pending_registrations: 'one machine',
  provider_sign_ins: 'one machine',
  email_sign_ins: 'one machine',
};
