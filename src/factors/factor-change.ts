import type { AccountStore } from '../accounts/account-store.ts';
import type { AuditEvent, AuditLog } from '../audit/audit-log.ts';
import type { Proof, ShownAssurance } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Locale } from '../mail/locale.ts';
import type { MailTemplate } from '../mail/mail-template.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { FactorStore } from './factor-store.ts';
import type { HolderOfFactors } from './factors.ts';

/** Somebody who is signed in, and changes how their account is opened. */
export interface FactorCommand {
  readonly userId: string;
  readonly sessionId: string;
  /** As their access token says it. */
  readonly shown: ShownAssurance;
  readonly client: Client;
  readonly locale: Locale;
}

export interface FactorStores {
  readonly accounts: Pick<AccountStore, 'lockOfSession'>;
  readonly factors: FactorStore;
  readonly sessions: StepUpSessions;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface StepUpSessions {
  /** Notes what the person of a live session has shown now. @returns false where the session is over */
  readonly stepUp: (
    key: { readonly userId: string; readonly sessionId: string },
    proof: Proof,
    at: Date,
  ) => Promise<boolean>;
}

type Holder = HolderOfFactors & {
  readonly account: { readonly id: string; readonly email: string | null };
};

/** Leaves a change in the trail, and tells the owner. */
export async function tellChange(
  { audit, outbox }: Pick<FactorStores, 'audit' | 'outbox'>,
  { account }: Holder,
  { userId, sessionId, client, locale }: FactorCommand,
  what: {
    readonly type: AuditEvent['type'];
    readonly detail: NonNullable<AuditEvent['detail']>;
    readonly template: MailTemplate;
    readonly at: Date;
  },
): Promise<void> {
  const { type, detail, template, at } = what;
  await audit.record({ type, at, userId, sessionId, ...client, detail });
  const mail = { template, locale, recipient: account.email, userId, preparedToken: null };
  await outbox.put({ ...mail, userAgent: client.userAgent }, at);
}
