import type { KeyState, SigningKey } from './signing-key.ts';

export interface SigningKeyStore {
  /** Holds off every other process that wants to change keys until the transaction ends. */
  lock(): Promise<void>;
  /** All keys that are not retired, the oldest first. */
  list(): Promise<readonly SigningKey[]>;
  /** Writes a key, and tells every process when the transaction commits. */
  insert(key: SigningKey): Promise<void>;
  /** Moves a key on, and tells every process. A retired key loses its private half for good. */
  changeState(kid: string, state: KeyState, at: Date): Promise<void>;
  /** Replaces the sealed private half of a key by the same, sealed otherwise. */
  reseal(kid: string, sealedPrivateKey: string): Promise<void>;
}
