import type { Session } from '../session.ts';
import { type Passkey, passkeyFields } from './authenticators.ts';
import type { PasskeyCeremony } from './ceremony.ts';
import { makePasskey } from './device.ts';
import { renew } from './step-up.ts';

export interface NewPasskey {
  readonly passkey: Passkey;
  /** Shown this once; none where the account has some that go on to be good. */
  readonly recoveryCodes: readonly string[];
}

export const beginPasskeyDocument =
  'mutation BeginPasskeySetup{beginPasskeySetup{ceremony options}}';
export const completePasskeyDocument = `mutation CompletePasskeySetup($input:CompletePasskeySetupInput!){completePasskeySetup(input:$input){passkey{${passkeyFields}}recoveryCodes}}`;

/**
 * Makes a passkey on this device, or on one that the browser reaches.
 *
 * @param options.name what its owner calls it
 * @throws GatehouseError as `answerCeremony`, and `STEP_UP_REQUIRED` where something fresh, or more, has
 *   to be shown
 */
export async function addPasskey(
  session: Session,
  options: { readonly name?: string; readonly signal?: AbortSignal } = {},
): Promise<NewPasskey> {
  const { name, signal } = options;
  const { beginPasskeySetup } = await session.request<{ beginPasskeySetup: PasskeyCeremony }>(
    beginPasskeyDocument,
  );
  const answer = await makePasskey(beginPasskeySetup, signal);
  const { completePasskeySetup } = await session.request<{ completePasskeySetup: NewPasskey }>(
    completePasskeyDocument,
    { input: { ...answer, name } },
  );
  await renew(session);
  return completePasskeySetup;
}
