import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { standsAlone } from './client-data.ts';
import type { Passkey } from './factors.ts';
import type { RelyingParty } from './relying-party.ts';

/** A passkey as a device has just made it. */
export interface MadePasskey
  extends Pick<
    Passkey,
    | 'credentialId'
    | 'publicKey'
    | 'counter'
    | 'transports'
    | 'aaguid'
    | 'isSynced'
    | 'isBackedUp'
    | 'rpId'
  > {}

/** What a device says beside its signature. */
export interface ReadAssertion {
  readonly counter: number;
  readonly isSynced: boolean;
  readonly isBackedUp: boolean;
}

/** How transports are named (WebAuthn level 3 section 5.8.4); nothing else is kept of what a client says. */
const knownTransports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];
/** Characters. Devices may choose long ones, and few do. */
const longestCredentialId = 1_400;

/** Checks what a device has made (section 7.1). @returns undefined where it is not good */
export async function readRegistration(
  rp: RelyingParty,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<MadePasskey | undefined> {
  if (!standsAlone(response.response.clientDataJSON)) return undefined;
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: [...rp.origins],
    expectedRPID: rp.id,
    requireUserVerification: true,
  });
  if (!verified) return undefined;
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo;
  if (credential.id !== response.id || credential.id.length > longestCredentialId) return undefined;
  const { transports = [] } = response.response;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    transports: knownTransports.filter((name) => (transports as readonly string[]).includes(name)),
    aaguid,
    isSynced: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
    rpId: rp.id,
  };
}

/**
 * Checks what a device has signed (section 7.2), but for what the account alone tells: the counter, the
 * backup flags and the handle. The library answers a forged signature with `verified: false`, and throws
 * at a counter that does not grow: it is told of none.
 *
 * @returns undefined where it is not good
 */
export async function readAssertion(
  rp: RelyingParty,
  challenge: string,
  response: AuthenticationResponseJSON,
  { credentialId, publicKey }: Pick<Passkey, 'credentialId' | 'publicKey'>,
): Promise<ReadAssertion | undefined> {
  if (response.id !== credentialId) return undefined;
  if (!standsAlone(response.response.clientDataJSON)) return undefined;
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: [...rp.origins],
    expectedRPID: rp.id,
    requireUserVerification: true,
    credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter: 0 },
  });
  if (!verified) return undefined;
  const { newCounter, credentialDeviceType, credentialBackedUp } = authenticationInfo;
  return {
    counter: newCounter,
    isSynced: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
  };
}
