import type { GatehouseError } from '../gatehouse-error.ts';
import { passesOf } from '../passes.ts';
import { devices } from '../ports/credentials.ts';
import type { Session } from '../session.ts';
import type { SessionUser } from '../session-state.ts';
import { ask } from './ask.ts';
import type { PasskeyAnswer, PasskeyCeremony } from './ceremony.ts';
import { answerCeremony, waitInForm } from './device.ts';

export const beginSignInDocument =
  'mutation BeginPasskeySignIn{beginPasskeySignIn{ceremony options}}';

/**
 * Signs in with a passkey, which names its owner: the whole of a sign-in. For a button.
 *
 * @throws GatehouseError, such as `PASSKEY_UNKNOWN`, `PASSKEY_SUSPENDED`, and as `answerCeremony`
 */
export async function signInWithPasskey(
  session: Session,
  signal?: AbortSignal,
): Promise<SessionUser> {
  const ceremony = await begin(session);
  return finish(session, ceremony, await answerCeremony(ceremony, signal));
}

/**
 * Offers passkeys where the name is typed (a field with `autocomplete="username webauthn"`), for as long
 * as the form stands there. It gives way to what a button asks for, and is there again afterwards.
 *
 * @returns who signed in; null where the browser offers none, or `signal` was aborted
 * @throws GatehouseError when a passkey was chosen, and the gateway refuses it
 */
export async function autofillPasskey(
  session: Session,
  signal?: AbortSignal,
): Promise<SessionUser | null> {
  const isThere = devices.PublicKeyCredential?.isConditionalMediationAvailable?.();
  if (!(await isThere?.catch(() => false))) return null;
  for (;;) {
    const ceremony = await begin(session).catch(() => null);
    const answer = ceremony && (await waitInForm(ceremony, signal));
    if (!answer) return null;
    if (answer === 'again') continue;
    try {
      return await finish(session, ceremony, answer);
    } catch (error) {
      // Slept through.
      if ((error as GatehouseError).reason !== 'CEREMONY_EXPIRED') throw error;
    }
  }
}

async function begin(session: Session): Promise<PasskeyCeremony> {
  const { beginPasskeySignIn } = await ask<{ beginPasskeySignIn: PasskeyCeremony }>(
    session,
    beginSignInDocument,
  );
  return beginPasskeySignIn;
}

async function finish(
  session: Session,
  { options: { rpId } }: PasskeyCeremony,
  passkey: PasskeyAnswer,
): Promise<SessionUser> {
  try {
    return await session[passesOf].exchange('signInWithPasskey', { passkey });
  } catch (error) {
    if ((error as GatehouseError).reason === 'PASSKEY_UNKNOWN') {
      // It is offered no more: its account is gone, or has removed it.
      const unknown = { rpId, credentialId: passkey.response.id };
      await devices.PublicKeyCredential?.signalUnknownCredential?.(unknown).catch(() => {});
    }
    throw error;
  }
}
