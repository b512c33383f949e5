import type { KeyState, SigningKey } from './signing-key.ts';

export interface SigningKeyStore {
  /** Holds off every other process that wants to change keys until the transaction ends. */
  lock(): Promise<void>;
  /** All keys that are not retired. */
  list(): Promise<readonly SigningKey[]>;
  insert(key: SigningKey): Promise<void>;
  changeState(kid: string, state: KeyState, at: Date): Promise<void>;
}
