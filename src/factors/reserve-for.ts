import type { Client } from '../core/client.ts';
import type { CredentialThrottle, Reservation } from '../throttling/credential-throttle.ts';
import { type KnownDevice, knownDeviceId } from '../tokens/device-token.ts';

/**
 * A place for an attempt at an account that is known: passwords, codes and passkeys count together.
 *
 * @throws RateLimited
 */
export type ReserveFor = (
  userId: string,
  from: { readonly client: Client; readonly device: KnownDevice | undefined },
) => Promise<Reservation>;

export function createReserveFor(
  throttle: CredentialThrottle,
  /** Asked only of an account that the device has signed in to. */
  passwordHashOf: (userId: string) => Promise<string | null | undefined>,
): ReserveFor {
  return async (userId, { client, device }) => {
    const isRemembered = device?.accounts.some(({ id }) => id === userId);
    const passwordHash = isRemembered ? await passwordHashOf(userId) : undefined;
    const holder = passwordHash === undefined ? undefined : { id: userId, passwordHash };
    return throttle.reserve({
      account: userId,
      device: knownDeviceId(device, holder),
      ip: client.ip,
    });
  };
}
