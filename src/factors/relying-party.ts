import type { Passkey } from './factors.ts';

/** Who asks devices: the domain that passkeys belong to, and the pages that may ask. */
export interface RelyingParty {
  readonly id: string;
  readonly name: string;
  readonly origins: readonly string[];
}

/** Milliseconds that a device lets its person take. */
const timeout = 5 * 60_000;

/** EdDSA, ECDSA with P-256, RSA (RFC 9053 section 2). */
const algorithms = [-8, -7, -257];

type Known = Pick<Passkey, 'credentialId' | 'transports'>;

/** What a browser makes a passkey from (WebAuthn level 3 section 5.4, as JSON). */
export function setupOptions(
  rp: RelyingParty,
  challenge: string,
  user: { readonly handle: string; readonly name: string },
  known: readonly Known[],
): Record<string, unknown> {
  return {
    challenge,
    rp: { id: rp.id, name: rp.name },
    user: { id: user.handle, name: user.name, displayName: user.name },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout,
    excludeCredentials: known.map(toDescriptor),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
    extensions: { credProps: true },
  };
}

/** What a browser signs with a passkey (section 5.5): with any of its own where none is named. */
export function assertionOptions(
  rp: RelyingParty,
  challenge: string,
  known: readonly Known[] = [],
): Record<string, unknown> {
  return {
    challenge,
    rpId: rp.id,
    timeout,
    userVerification: 'required',
    allowCredentials: known.map(toDescriptor),
  };
}

function toDescriptor({ credentialId, transports }: Known) {
  return { type: 'public-key', id: credentialId, transports };
}
