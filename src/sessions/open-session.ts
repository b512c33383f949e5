import type { AccountStore } from '../accounts/account-store.ts';
import type { OpenSession as OpenAccountSession } from '../accounts/open-account.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Proof } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { Outbox } from '../mail/outbox.ts';
import { knownDeviceId, passwordMark } from '../tokens/device-token.ts';
import type { NewSessions } from './new-session.ts';
import type { SessionKey } from './session.ts';
import type { SessionStore } from './session-store.ts';
import type { SignedIn } from './signed-in.ts';

export interface OpenSessionStores {
  readonly accounts: Pick<AccountStore, 'lock'>;
  readonly sessions: SessionStore;
  readonly audit: AuditLog;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface OpenSessionOptions<Stores extends OpenSessionStores> {
  readonly newSessions: NewSessions;
  readonly maxPerUser: number;
  /** What kind of device a user agent is, such as `Firefox on Linux`: versions don't make it new. */
  readonly describeDevice: (userAgent: string | null) => string;
  /** Whether the owner gets a mail about a new device. */
  readonly mailsNewDevices: boolean;
  /** Makes a guest the account, where it is the one that they have asked for. @returns undefined where it is not */
  readonly claimRegistration: (
    stores: Stores,
    guest: SessionKey,
    who: Parameters<OpenSession<Stores>>[1],
    how: { readonly proof: Proof; readonly authenticatedAt?: Date; readonly client: Client },
  ) => Promise<SignedIn | undefined>;
  /** Ends the session of the guest that somebody was before. @returns who that was, if anybody */
  readonly supersedeGuest: (
    stores: OpenSessionStores,
    guest: SessionKey,
    by: {
      readonly userId: string;
      readonly sessionId: string;
      readonly client: Client;
      readonly at: Date;
    },
  ) => Promise<string | null>;
}

/** Opens a session for somebody who has just proved who they are, inside the caller's transaction. */
export type OpenSession<Stores extends OpenSessionStores> = OpenAccountSession<Stores, SignedIn>;

export function createOpenSession<Stores extends OpenSessionStores>(
  options: OpenSessionOptions<Stores>,
): OpenSession<Stores> {
  const { newSessions } = options;

  return async (stores, who, from) => {
    const { client, device, locale, proof, guest } = from;
    const { account, grants, passwordHash } = who;
    const claimed = guest && (await options.claimRegistration(stores, guest, who, from));
    if (claimed) return claimed;
    const { sessions, audit, outbox } = stores;
    const made = newSessions.make(account.id, client, proof, from.authenticatedAt);
    const { session, token } = made;
    const at = session.createdAt;

    await sessions.insert(session, token);
    const about = { at, userId: account.id, ...client };
    const opened = { ...about, type: 'session.opened', sessionId: session.id } as const;
    await audit.record(account.isGuest ? { ...opened, detail: { guest: true } } : opened);
    if (knownDeviceId(device, { id: account.id, passwordHash }) === null) {
      const kind = options.describeDevice(client.userAgent);
      const known = await sessions.listUserAgents(account.id, session.id);
      if (known.length > 0 && !known.some((agent) => options.describeDevice(agent) === kind)) {
        const detail = { device: kind };
        await audit.record({ ...about, type: 'session.new_device', sessionId: session.id, detail });
        if (options.mailsNewDevices) {
          const mail = { template: 'new-device', locale, recipient: account.email } as const;
          const { userAgent } = client;
          await outbox.put({ ...mail, userId: account.id, preparedToken: null, userAgent }, at);
        }
      }
    }
    for (const ended of await sessions.revokeOldest(account.id, options.maxPerUser, at)) {
      await audit.record({ ...about, type: 'session.limit_reached', sessionId: ended });
    }

    const by = { userId: account.id, sessionId: session.id, client, at };
    const supersededGuestId = guest ? await options.supersedeGuest(stores, guest, by) : null;

    return {
      ...newSessions.give(made, { account, grants }),
      remembered: { id: account.id, mark: passwordMark(passwordHash) },
      supersededGuestId,
    };
  };
}
