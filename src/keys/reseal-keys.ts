import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import { assertOpens } from './sealed-keys.ts';
import { open, seal } from './sealing.ts';
import type { SigningKeyStore } from './signing-key-store.ts';

export interface ResealKeysOptions {
  readonly transact: Transact<{
    readonly signingKeys: Pick<SigningKeyStore, 'lock' | 'list' | 'reseal'>;
    readonly audit: Pick<AuditLog, 'record'>;
  }>;
  readonly now: Clock;
  readonly encryptionSecrets: readonly string[];
}

export interface ResealedKeys {
  /** The ids of the keys that another secret had sealed. */
  readonly resealed: readonly string[];
  /** Those that only verify, and that none of the secrets opens: they are left as they are. */
  readonly closed: readonly string[];
}

/**
 * Seals every private key with the first secret, so that the others can be taken away. The keys stay
 * what they are: whoever holds them open signs on, and no verifier notices.
 *
 * @throws StartError when a key that signs, or is to sign next, can't be opened: nothing is changed
 */
export type ResealKeys = () => Promise<ResealedKeys>;

export function createResealKeys(options: ResealKeysOptions): ResealKeys {
  const { transact, now, encryptionSecrets } = options;

  return () =>
    transact(async ({ signingKeys, audit }) => {
      await signingKeys.lock();
      const keys = await signingKeys.list();
      assertOpens(keys, encryptionSecrets);
      const resealed: string[] = [];
      const closed: string[] = [];
      for (const { kid, sealedPrivateKey, purpose } of keys) {
        const opened = open('signing key', sealedPrivateKey, kid, encryptionSecrets);
        if (!opened) closed.push(kid);
        if (!opened || opened.secretIndex === 0) continue;
        await signingKeys.reseal(kid, seal('signing key', opened.content, kid, encryptionSecrets));
        await audit.record({
          type: 'signing_key.resealed',
          at: now(),
          userId: null,
          sessionId: null,
          ip: null,
          userAgent: null,
          detail: { purpose, kid },
        });
        resealed.push(kid);
      }
      return { resealed, closed };
    });
}
