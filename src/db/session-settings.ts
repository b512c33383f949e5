/**
 * Whatever a database, its role or its administrator has for a default: how dates and bytes are
 * written, what a transaction sees, and where a string ends, is said here for each connection.
 */
const reliedOn = {
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
} as const;

/**
 * Attack and accident alike: neither pg nor TypeORM ends a call by itself, and a frozen database
 * would hold every request for ever. The client ends a call when the server is silent, the server
 * ends the work that nobody waits for any more.
 */
export const impatientSettings = {
  ...reliedOn,
  statement_timeout: '1200ms',
  // Above PostgreSQL's deadlock_timeout of 1 s: else a deadlock ends as a mere wait, and is not retried.
  lock_timeout: '1100ms',
  idle_in_transaction_session_timeout: '5s',
} as const;

/** For what may take its time, also where the role has a limit. */
export const patientSettings = {
  ...reliedOn,
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
} as const;

/** @returns the statements that give a connection these settings */
export function setAll(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `SET ${name} = '${value}'`)
    .join('; ');
}
