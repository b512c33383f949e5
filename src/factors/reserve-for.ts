import type { Client } from '../core/client.ts';
import type { CredentialThrottle, Reservation } from '../throttling/credential-throttle.ts';
import type { KnownDevice } from '../tokens/device-token.ts';

/**
 * A place for an attempt at an account that is known: passwords, codes and passkeys count together.
 *
 * @throws RateLimited
 */
export function reserveFor(
  throttle: CredentialThrottle,
  userId: string,
  { client, device }: { readonly client: Client; readonly device: KnownDevice | undefined },
): Promise<Reservation> {
  const isKnown = device?.accounts.includes(userId);
  return throttle.reserve({
    account: userId,
    device: isKnown && device ? device.id : null,
    ip: client.ip,
  });
}
