/**
 * The security events that are kept, and what each tells. docs/operations.md repeats this table. Names
 * are past tense, dotted and stable: operators alert on them.
 */
export const auditEvents = {
  'account.created': 'An administrator made an account and invited its holder by mail.',
  'account.password_reset_forced':
    'An administrator ended the password of an account, whose holder was sent a link.',
  'account.registration_repeated':
    'Somebody tried to register an address that has an account; its holder was told by mail.',
  'account.registered': 'An account was made.',
  'account.deleted': 'An account was deleted for good, by its holder or by an administrator.',
  'account.disabled': 'An administrator took an account out of use.',
  'account.enabled': 'An administrator put it back into use.',
  'account.impersonated': "An administrator acts in somebody's name, in a session of its own.",
  'accounts.exported': 'Accounts, with their password hashes, were written to a file.',
  'accounts.imported': 'Accounts were taken over from another system.',
  'authenticator.added': 'Somebody added an app for codes, or a passkey; `method` says which.',
  'authenticator.removed': 'Somebody took one away; `left` says whether there is another.',
  'email.change_requested': "A link was sent to an address that is to become an account's own.",
  'email.changed': 'An account got another address, and the old one was told.',
  'email.change_undone':
    'The old address took the account back: its password and its sessions ended.',
  'email.verification_sent':
    'An administrator sent the mail again with which somebody proves their address.',
  'email.verified':
    'Somebody proved that an address is theirs, or an administrator took it as proved.',
  'guest.registration_begun':
    'A guest registered with an address that is to be proved first; whether it has an account already plays no part.',
  'guest.superseded':
    'Somebody who was a guest signed in to an account; `guest` is the id that they had.',
  'guest.upgraded': 'A guest became an account, under the same id; `by` says with what.',
  'identity.linked': 'An account of a provider was linked; `provider` says which.',
  'identity.unlinked': 'One was unlinked, and opens the account no more.',
  'login.failed':
    'A wrong password or code of a mail (`method`), or an account that does not exist.',
  'login.refused':
    'Something right that opens nothing; `why` says for what reason, such as an account that is disabled.',
  'login.second_factor_required':
    'A right password, mail or provider of an account that has a second factor, which was asked for.',
  'login.throttled': 'An attempt too many, refused before its password or code was looked at.',
  'mail.abandoned': 'A mail could not be delivered and is given up.',
  'passkey.counter_stalled':
    'The counter of a passkey did not grow, and its copies count each for themselves: it was let in.',
  'passkey.suspended':
    'The counter of a passkey that can not be copied did not grow: it may have been, and opens nothing.',
  'password.changed': 'The password was changed by who knew the old one.',
  'password.check_failed': 'Somebody signed in gave a wrong password where it is asked for again.',
  'password.removed':
    'An address was proved in another browser than the one that registered: password, factors and sessions of before ended.',
  'password.reset': 'The password was replaced with the link of a mail.',
  'personal_data.exported':
    'Everything that is kept of somebody was given to them, or to an administrator.',
  'profile.updated': 'Somebody changed what their account says of them; `fields` names what.',
  'recovery_code.used': 'A recovery code completed a sign-in; `left` says how many are left.',
  'recovery_codes.replaced': 'Somebody got new recovery codes, in place of all others.',
  'refresh_token.refused':
    'A refresh token that we did not make, or no longer know; `why` says which.',
  'role.granted': 'A role was given.',
  'role.taken': 'A role was taken away.',
  'second_factor.failed': 'A code or a passkey that was refused; `method` and `why` say which.',
  'second_factor.reset': 'An administrator took all second factors of an account away.',
  'session.opened': 'Somebody signed in; `guest` is true of somebody who has no account.',
  'session.new_device':
    'The session was opened by a kind of device that the account has not used before.',
  'session.limit_reached': 'The oldest session made room for a new one.',
  'session.response_lost':
    'A refresh whose answer never arrived was repeated; the successor that nobody saw was replaced.',
  'session.reuse_detected':
    'A token came that only a second holder can have. The session was ended: it may have been stolen.',
  'session.revoked': 'A session was ended; `reason` says why.',
  'session.stepped_up': 'Somebody signed in has shown once more who they are.',
  'signing_key.activated': 'A key signs from now on.',
  'signing_key.resealed': 'The private half of a key was sealed with a newer secret.',
  'throttle.lifted': 'An administrator ended the waits of an account or an address.',
} as const;

export type AuditEventType = keyof typeof auditEvents;
