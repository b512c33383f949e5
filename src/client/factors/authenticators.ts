import type { Session } from '../session.ts';
import { renew } from './step-up.ts';

/** What an account is opened with besides its password. Times are ISO 8601. */
export interface Authenticators {
  readonly hasPassword: boolean;
  /** The app that makes codes. */
  readonly totp: { readonly id: string; readonly createdAt: string } | null;
  readonly passkeys: readonly Passkey[];
  /** Each works once. */
  readonly recoveryCodesLeft: number;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  /** Whether its device may copy it to others. */
  readonly synced: boolean;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  /** It seems to have been copied, and opens nothing any more. */
  readonly suspended: boolean;
}

export interface TotpSetup {
  /** In base 32, for whoever types it. */
  readonly secret: string;
  /** What a picture of it holds (an `otpauth:` address). */
  readonly otpauthUrl: string;
  /** Until then the first code has to come. */
  readonly expiresAt: string;
}

export const passkeyFields = 'id name synced createdAt lastUsedAt suspended';
const fields = `hasPassword totp{id createdAt}passkeys{${passkeyFields}}recoveryCodesLeft`;
export const authenticatorsDocument = `query Authenticators{authenticators{${fields}}}`;
export const beginTotpDocument =
  'mutation BeginTotpSetup{beginTotpSetup{secret otpauthUrl expiresAt}}';
export const confirmTotpDocument =
  'mutation ConfirmTotpSetup($input:ConfirmTotpSetupInput!){confirmTotpSetup(input:$input){recoveryCodes}}';
export const regenerateDocument =
  'mutation RegenerateRecoveryCodes{regenerateRecoveryCodes{recoveryCodes}}';
export const removeDocument = `mutation RemoveAuthenticator($input:RemoveAuthenticatorInput!){removeAuthenticator(input:$input){authenticators{${fields}}}}`;
export const renameDocument = `mutation RenamePasskey($input:RenamePasskeyInput!){renamePasskey(input:$input){passkey{${passkeyFields}}}}`;

/** @throws GatehouseError, as all of these: `STEP_UP_REQUIRED` where something fresh, or more, has to be shown */
export async function authenticators(session: Session): Promise<Authenticators> {
  const answer = await session.request<{ authenticators: Authenticators }>(authenticatorsDocument);
  return answer.authenticators;
}

/** Makes a secret for an app. It counts once a code was made with it. */
export async function beginTotpSetup(session: Session): Promise<TotpSetup> {
  const answer = await session.request<{ beginTotpSetup: TotpSetup }>(beginTotpDocument);
  return answer.beginTotpSetup;
}

/**
 * Makes the codes of the app a second factor, with the first of them.
 *
 * @returns recovery codes, shown this once; none where the account has some that go on to be good
 */
export async function confirmTotpSetup(session: Session, code: string): Promise<readonly string[]> {
  const answer = await session.request<{ confirmTotpSetup: { recoveryCodes: readonly string[] } }>(
    confirmTotpDocument,
    { input: { code } },
  );
  await renew(session);
  return answer.confirmTotpSetup.recoveryCodes;
}

/** @returns the new ones, shown this once. Those of before are no good any more */
export async function regenerateRecoveryCodes(session: Session): Promise<readonly string[]> {
  const answer = await session.request<{
    regenerateRecoveryCodes: { recoveryCodes: readonly string[] };
  }>(regenerateDocument);
  return answer.regenerateRecoveryCodes.recoveryCodes;
}

/** @param id of the app, or of a passkey. @returns what is left */
export async function removeAuthenticator(session: Session, id: string): Promise<Authenticators> {
  const answer = await session.request<{
    removeAuthenticator: { authenticators: Authenticators };
  }>(removeDocument, { input: { id } });
  return answer.removeAuthenticator.authenticators;
}

export async function renamePasskey(session: Session, id: string, name: string): Promise<Passkey> {
  const answer = await session.request<{ renamePasskey: { passkey: Passkey } }>(renameDocument, {
    input: { id, name },
  });
  return answer.renamePasskey.passkey;
}
