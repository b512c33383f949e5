import { administrationScopes } from '../access/access-policy.ts';
import type { Client } from '../core/client.ts';
import { AdministrationDenied } from './errors.ts';

/** Who acts on other people's accounts, and why. It is what the audit trail keeps of every change. */
export interface Administrator {
  /** Null for whoever has the command line, and with it the database. */
  readonly id: string | null;
  readonly scopes: readonly string[];
  readonly client: Client;
  readonly reason: string | null;
}

/** Somebody on the machine itself: nothing is closed to them. */
export function onCommandLine(reason: string | null): Administrator {
  const client = { ip: null, userAgent: null };
  return { id: null, scopes: administrationScopes, client, reason };
}

/**
 * Attack: climbing. Someone of the support team, with `users:write` alone, grants themselves a role
 * that holds more, or takes an administrator's account over by resetting or impersonating it. Nobody
 * hands out, or acts on an account that holds, an administration scope that they don't hold.
 *
 * @throws AdministrationDenied
 */
export function assertHolds(administrator: Administrator, scopes: readonly string[]): void {
  const beyond = administrationScopes.some(
    (scope) => scopes.includes(scope) && !administrator.scopes.includes(scope),
  );
  if (beyond) throw new AdministrationDenied('This takes administration scopes that you lack.');
}

/** @throws AdministrationDenied when administrators would lock themselves out by a slip */
export function assertSomebodyElse(administrator: Administrator, userId: string): void {
  if (administrator.id === userId) {
    throw new AdministrationDenied('You can not do this to your own account.');
  }
}

/** The columns of an audit event that say who did it, from where, and why. */
export function actOf({ id, client, reason }: Administrator, at: Date) {
  const by = id === null ? { by: 'command line' } : {};
  return { at, actorId: id, ...client, detail: { ...by, ...(reason === null ? {} : { reason }) } };
}
