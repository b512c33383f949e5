import type { AuditEvent } from '../../src/audit/audit-log.ts';
import type { SigningKey } from '../../src/keys/signing-key.ts';
import type { SigningKeyStore } from '../../src/keys/signing-key-store.ts';

export interface KeyMemory {
  readonly store: SigningKeyStore;
  readonly events: AuditEvent[];
  /** All keys, the retired ones too. */
  readonly keys: () => readonly SigningKey[];
}

/** Signing keys in memory, as the database would keep them. */
export function createKeyMemory(): KeyMemory {
  const keys = new Map<string, SigningKey>();
  return {
    events: [],
    keys: () => [...keys.values()],
    store: {
      lock: async () => {},
      list: async () => [...keys.values()].filter(({ state }) => state !== 'retired'),
      async insert(key) {
        keys.set(key.kid, key);
      },
      async changeState(kid, state, at) {
        const key = keys.get(kid);
        if (!key) throw new Error('no such key');
        const erased = state === 'retired' ? { sealedPrivateKey: '' } : {};
        keys.set(kid, { ...key, state, changedAt: at, ...erased });
      },
      async reseal(kid, sealedPrivateKey) {
        const key = keys.get(kid);
        if (!key) throw new Error('no such key');
        keys.set(kid, { ...key, sealedPrivateKey });
      },
    },
  };
}
