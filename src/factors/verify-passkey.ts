import type { AuditLog } from '../audit/audit-log.ts';
import type { Client } from '../core/client.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Ceremonies, CeremonyPurpose } from './ceremony.ts';
import { CeremonyInvalid, PasskeySuspended, PasskeyUnknown } from './errors.ts';
import type { FactorStore } from './factor-store.ts';
import { type Factors, methodOfPasskey } from './factors.ts';
import { judgePasskey } from './judge-passkey.ts';
import { loadWebAuthn } from './load-webauthn.ts';
import type { RelyingParty } from './relying-party.ts';
import type { FactorVerdict } from './verify-factor.ts';

/** What a browser gives for a passkey: JSON of a stranger's, of which nothing is believed. */
export interface GivenPasskey {
  readonly method: 'PASSKEY';
  readonly ceremony: string;
  readonly response: unknown;
}

export interface VerifyPasskeyOptions {
  readonly ceremonies: Pick<Ceremonies, 'read'>;
  readonly relyingParty: RelyingParty;
  /** Told of a passkey that seems to have been copied. */
  readonly onSuspended?: () => void;
}

type PasskeyStores = {
  readonly factors: Pick<FactorStore, 'spend' | 'usePasskey' | 'suspendPasskey'>;
  readonly audit: AuditLog;
};

/**
 * Judges a passkey that is shown for an account which the transaction has locked, and spends the
 * ceremony.
 *
 * Attack: an answer of a device, seen once and sent again: the library verifies it as often as it comes.
 *
 * @throws CeremonyInvalid, CeremonyExpired
 */
export type VerifyPasskey = (
  stores: PasskeyStores,
  whose: { readonly userId: string; readonly known: Factors; readonly client: Client },
  purpose: CeremonyPurpose,
  given: GivenPasskey,
  at: Date,
) => Promise<FactorVerdict>;

export function createVerifyPasskey(options: VerifyPasskeyOptions): VerifyPasskey {
  const { ceremonies, relyingParty } = options;

  return async ({ factors, audit }, { userId, known, client }, purpose, given, at) => {
    const ceremony = ceremonies.read(purpose, given.ceremony, at);
    if (purpose !== 'passkey-sign-in' && ceremony.accountId !== userId) {
      throw new CeremonyInvalid('of another account');
    }
    const response = responseIn(given.response);
    const passkey = known.passkeys.find(({ credentialId }) => credentialId === response?.id);
    if (!response || !passkey) return { kind: 'refused', error: new PasskeyUnknown() };
    if (passkey.suspendedAt) return { kind: 'refused', error: new PasskeySuspended() };
    const handle = response.response.userHandle;
    const isTheirs = handle === passkey.userHandle;
    if (!isTheirs && (handle !== undefined || purpose === 'passkey-sign-in')) {
      return refused('user handle');
    }
    const { readAssertion } = await loadWebAuthn();
    const shown = await readAssertion(relyingParty, ceremony.challenge, response, passkey).catch(
      () => undefined,
    );
    if (!shown) return refused('assertion');
    if (!(await factors.spend(userId, ceremony.id, ceremony.expiresAt, at))) {
      return refused('completed already');
    }
    const verdict = judgePasskey(passkey, shown);
    const about = { at, userId, sessionId: null, ...client, detail: { passkey: passkey.id } };
    switch (verdict.kind) {
      case 'refused':
        return refused(verdict.why);
      case 'copied':
        await factors.suspendPasskey(userId, passkey.id, at);
        await audit.record({ ...about, type: 'passkey.suspended' });
        options.onSuspended?.();
        return { kind: 'refused', error: new PasskeySuspended() };
      case 'stalled':
        await audit.record({ ...about, type: 'passkey.counter_stalled' });
        break;
      case 'good':
        break;
      default:
        return unreachable(verdict);
    }
    const { isBackedUp } = shown;
    const counter = Math.max(shown.counter, passkey.counter);
    await factors.usePasskey(userId, passkey.id, { counter, isBackedUp, at });
    return { kind: 'shown', amr: methodOfPasskey(passkey), method: 'PASSKEY' };
  };
}

/** The answer of a device, as far as its form goes. */
export function responseIn(given: unknown) {
  const { id, rawId, type, response } = Object(given) as Record<string, unknown>;
  const parts = Object(response) as Record<string, unknown>;
  const { clientDataJSON, authenticatorData, signature, userHandle } = parts;
  const texts = [id, rawId, type, clientDataJSON, authenticatorData, signature];
  if (!texts.every((text) => typeof text === 'string')) return undefined;
  if (userHandle !== undefined && userHandle !== null && typeof userHandle !== 'string') {
    return undefined;
  }
  return {
    id: String(id),
    rawId: String(rawId),
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: {
      clientDataJSON: String(clientDataJSON),
      authenticatorData: String(authenticatorData),
      signature: String(signature),
      ...(typeof userHandle === 'string' ? { userHandle } : {}),
    },
  };
}

function refused(detail: string): FactorVerdict {
  return { kind: 'refused', error: new CeremonyInvalid(detail) };
}
