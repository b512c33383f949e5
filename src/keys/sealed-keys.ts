import { StartError } from '../core/start-error.ts';
import { open } from './sealing.ts';
import type { SigningKey } from './signing-key.ts';

type SealedKey = Pick<SigningKey, 'kid' | 'state' | 'sealedPrivateKey'>;

/** Which of the secrets sealed the private half of a key: 0 is the first; undefined when none did. */
export function sealingSecret(key: SealedKey, secrets: readonly string[]): number | undefined {
  return open('signing key', key.sealedPrivateKey, key.kid, secrets)?.secretIndex;
}

/**
 * Refuses to go on where a private half that is still needed can't be opened: whoever changed keys
 * without the right secret would make one that no running process can sign with. A retiring key only
 * verifies, and may stay closed.
 *
 * @throws StartError
 */
export function assertOpens(keys: readonly SealedKey[], secrets: readonly string[]): void {
  for (const key of keys) {
    if (key.state !== 'active' && key.state !== 'next') continue;
    if (sealingSecret(key, secrets) !== undefined) continue;
    throw new StartError(
      `KEY_ENCRYPTION_SECRET does not open the ${key.state} signing key ${key.kid}: it was sealed with another secret. Put that one back, after a comma if a new one is first, and run: npx graphql-gatehouse keys reseal`,
    );
  }
}
