import type { Client } from '../core/client.ts';
import type { RandomBytes } from '../core/random.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';
import { isNoPassword, noPassword } from '../passwords/no-password.ts';
import type { Prover } from '../tokens/registrant-token.ts';
import type { Account } from './account.ts';
import type { AccountCredentials } from './account-store.ts';
import { parseEmailAddress } from './email-address.ts';
import { type EndSessionsStores, endSessions } from './end-sessions.ts';

export interface TakePasswordAwayStores extends EndSessionsStores {
  readonly factors: { readonly removeSince: (userId: string, since: null) => Promise<number> };
  readonly identities: { readonly removeSince: (userId: string, since: null) => Promise<number> };
  readonly outbox: Pick<Outbox, 'put'>;
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
  {
    account,
    passwordHash,
  }: {
    readonly account: Pick<Account, 'id' | 'email' | 'emailVerifiedAt'>;
    readonly passwordHash: string | null;
  },
  { signedIn, isRegistrant }: Prover,
): boolean {
  if (account.emailVerifiedAt !== null) return false;
  if (signedIn?.id === account.id) return false;
  if (passwordHash === null) return true;
  const email = parseEmailAddress(account.email ?? '')?.canonical ?? '';
  return !isRegistrant({ email, passwordHash });
}

/**
 * Takes away what opened a locked account: its password, every factor, every identity, every session. The
 * owner of the proved address gets a mail with a link to set a password. Where there was nothing, as with
 * somebody who was invited, nothing is said.
 *
 * Attack: a link to set a password, an invitation among them, that somebody has read before the owner of the
 * address came by another way. Links are bound to what they replace, so that is another even where there
 * was no password.
 *
 * @returns what is to be changed of the account, so that no password is right; and how many sessions were ended
 */
export async function takePasswordAway(
  stores: TakePasswordAwayStores,
  { account: { id: userId }, passwordHash }: AccountCredentials,
  how: {
    readonly recipient: string;
    readonly randomBytes: RandomBytes;
    /** The token whose use is the proof, where it is to find later what it has done. */
    readonly takenBy?: string;
    readonly client: Client;
    readonly locale: Locale;
    readonly at: Date;
  },
): Promise<{ readonly changes: { readonly passwordHash: string }; readonly ended: number }> {
  const { recipient, randomBytes, client, locale, at } = how;
  const removed =
    (await stores.factors.removeSince(userId, null)) +
    (await stores.identities.removeSince(userId, null));
  const ended = await endSessions(stores, userId, {
    except: null,
    reason: 'email_proved_elsewhere',
    at,
    client,
  });
  const changes = { passwordHash: noPassword(randomBytes, how.takenBy) };
  if (isNoPassword(passwordHash) && removed + ended === 0) return { changes, ended };
  await stores.audit.record({ type: 'password.removed', at, userId, sessionId: null, ...client });
  const { userAgent } = client;
  const mail = { template: 'password-removed', recipient, userId, locale, userAgent } as const;
  await stores.outbox.put({ ...mail, preparedToken: null }, at);
  return { changes, ended };
}
