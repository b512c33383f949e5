import type { Client } from '../core/client.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { isNoPassword, noPassword } from '../passwords/no-password.ts';
import type { Registration } from '../tokens/registrant-token.ts';
import type { AccountCredentials } from './account-store.ts';
import { parseEmailAddress } from './email-address.ts';
import { type EndSessionsStores, endSessions } from './end-sessions.ts';

/** Who proves an address. */
export interface Prover {
  /** Who is signed in where the link was opened; nobody has to be. */
  readonly signedIn: { readonly id: string } | null;
  /** Whether the browser in which the link was opened made this registration. */
  readonly isRegistrant: (registration: Registration) => boolean;
}

export interface TakePasswordAwayStores extends EndSessionsStores {
  readonly outbox: Pick<Outbox, 'put'>;
  readonly factors: { readonly removeSince: (userId: string, since: null) => Promise<number> };
}

/**
 * Whether who proves an address may be somebody else than who chose the password.
 *
 * Attack: registering somebody else's address with a password of one's own, or moving an account of
 * one's own to it, and waiting for its owner to prove it: from then on both are in the account (account
 * pre-hijacking). Before the first proof of an address, only the browser that registered, or one that
 * is signed in, shows that both are the same.
 */
export function mayBeAnother(
  { account, passwordHash }: AccountCredentials,
  { signedIn, isRegistrant }: Prover,
): boolean {
  if (account.emailVerifiedAt !== null) return false;
  // There is nothing of anybody's to take away.
  if (passwordHash === null || isNoPassword(passwordHash)) return false;
  if (signedIn?.id === account.id) return false;
  const email = parseEmailAddress(account.email ?? '')?.canonical ?? '';
  return !isRegistrant({ email, passwordHash });
}

/**
 * Takes away what opened a locked account: its password, every factor, every session. The owner of the
 * proved address gets a mail with a link to set a password.
 *
 * @returns what is to be changed of the account, so that no password is right; and how many sessions were ended
 */
export async function takePasswordAway(
  stores: TakePasswordAwayStores,
  userId: string,
  how: {
    readonly recipient: string;
    readonly randomBytes: RandomBytes;
    readonly client: Client;
    readonly locale: Locale;
    readonly at: Date;
  },
): Promise<{ readonly changes: { readonly passwordHash: string }; readonly ended: number }> {
  const { recipient, randomBytes, client, locale, at } = how;
  await stores.audit.record({ type: 'password.removed', at, userId, sessionId: null, ...client });
  const ended = await endSessions(stores, userId, {
    except: null,
    reason: 'email_proved_elsewhere',
    at,
    client,
  });
  await stores.factors.removeSince(userId, null);
  const { userAgent } = client;
  const mail = { template: 'password-removed', recipient, userId, locale, userAgent } as const;
  await stores.outbox.put({ ...mail, preparedToken: null }, at);
  return { changes: { passwordHash: noPassword(randomBytes) }, ended };
}
