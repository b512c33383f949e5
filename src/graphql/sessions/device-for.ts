import type { KnownDevice } from '../../tokens/device-token.ts';
import type { GraphQLContext } from '../context.ts';
import { TokenDelivery } from './token-delivery.ts';

/**
 * Attack: another site's page signs its visitor in, to an account of its own. What is to go into a
 * cookie must be asked for by a page of ours.
 */
export function deviceFor(
  delivery: TokenDelivery,
  { refreshCookie, deviceCookie }: GraphQLContext,
): KnownDevice | undefined {
  if (delivery !== TokenDelivery.COOKIE) return undefined;
  refreshCookie.assertOrigin();
  return deviceCookie.read();
}
