import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import type { Locale } from '../mail/locale.ts';
import type { Outbox } from '../mail/outbox.ts';

/** Leaves in the trail that an identity came or went, and tells the owner of the account. */
export async function tellOfIdentity(
  { audit, outbox }: { readonly audit: AuditLog; readonly outbox: Pick<Outbox, 'put'> },
  { account }: { readonly account: { readonly email: string | null } },
  by: {
    readonly userId: string;
    readonly sessionId: string | null;
    readonly client: Client;
    readonly locale: Locale;
  },
  what: 'identity.linked' | 'identity.unlinked',
  provider: string,
  at: Date,
): Promise<void> {
  const { userId, sessionId, client, locale } = by;
  const about = { at, userId, sessionId, ...client };
  await audit.record({ ...about, type: what, detail: { provider } });
  const template = what === 'identity.linked' ? 'identity-linked' : 'identity-unlinked';
  const mail = { template, locale, recipient: account.email, userId } as const;
  await outbox.put({ ...mail, preparedToken: null, userAgent: client.userAgent }, at);
}
