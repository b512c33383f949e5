import { signal } from '@preact/signals';
import { toGatehouseError } from 'graphql-gatehouse-client';
import { exchangeDocument } from '../../src/client/wire/send-exchange.ts';
import { at, settings } from '../kit/settings.ts';

export interface Acting {
  readonly userId: string;
  /** What the account is called. */
  readonly name: string;
  readonly accessToken: string;
  readonly expiresAt: string;
}

/**
 * As whom the administrator acts.
 *
 * Attack: a token of somebody else's is left behind where the next one finds it. It is in memory only,
 * and it is ended at the gateway, not only forgotten: by the button, with the administrator's session,
 * and before another one is begun.
 */
export const acting = signal<Acting | undefined>(undefined);

export function beginActing(as: Acting): void {
  leaveActing();
  acting.value = as;
  const left = Date.parse(as.expiresAt) - Date.now();
  setTimeout(() => {
    if (acting.value === as) acting.value = undefined;
  }, left);
}

/** Ends it. @throws GatehouseError, and then it may go on until its time is over */
export async function endActing(as: Acting): Promise<void> {
  await logOut(as.accessToken);
  if (acting.value === as) acting.value = undefined;
}

/** Ends it without waiting for an answer, as a page does that is being left. */
export function leaveActing(): void {
  const as = acting.value;
  acting.value = undefined;
  if (as) void logOut(as.accessToken).catch(() => {});
}

/** Without cookies: those are the administrator's, whose session would end instead. */
async function logOut(accessToken: string): Promise<void> {
  const answer = await fetch(at(settings.graphql), {
    method: 'POST',
    credentials: 'omit',
    redirect: 'error',
    keepalive: true,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: exchangeDocument('logout') }),
  });
  const { errors } = await answer.json();
  if (errors?.[0]) throw toGatehouseError(errors);
}
