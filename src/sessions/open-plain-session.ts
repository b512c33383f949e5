import { byPassword } from '../core/assurance.ts';
import type { Client } from '../core/client.ts';
import type { NewId } from '../core/random.ts';
import { type KnownDevice, knownDeviceId, passwordMark } from '../tokens/device-token.ts';
import type { NewSessions } from './new-session.ts';
import type { SessionStore } from './session-store.ts';
import type { SignedIn } from './signed-in.ts';

export interface OpenPlainSessionOptions {
  readonly newId: NewId;
  readonly newSessions: NewSessions;
  readonly sessions: Pick<SessionStore, 'openPlain'>;
  readonly maxPerUser: number;
}

/**
 * Opens a session for the holder of a password, in one round trip to the database.
 *
 * @returns undefined when nothing was done: something is unusual, and the transaction that can do
 * everything has to judge it
 */
export type OpenPlainSession = (
  holder: { readonly userId: string; readonly passwordHash: string },
  from: { readonly client: Client; readonly device: KnownDevice | undefined },
) => Promise<SignedIn | undefined>;

export function createOpenPlainSession(options: OpenPlainSessionOptions): OpenPlainSession {
  const { newId, newSessions, sessions, maxPerUser } = options;
  return async ({ userId, passwordHash }, { client, device }) => {
    const made = newSessions.make(userId, client, byPassword);
    const opened = await sessions.openPlain({
      passwordHash,
      session: made.session,
      token: made.token,
      eventId: newId(),
      most: maxPerUser,
      isKnownDevice: knownDeviceId(device, { id: userId, passwordHash }) !== null,
    });
    return (
      opened && {
        ...newSessions.give(made, opened),
        remembered: { id: userId, mark: passwordMark(passwordHash) },
        supersededGuestId: null,
      }
    );
  };
}
