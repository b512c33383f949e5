import { SecondFactorRequired } from '../../tokens/errors.ts';
import type { GraphQLContext } from '../context.ts';
import { TokenDelivery } from './token-delivery.ts';

/**
 * What a pending sign-in is completed with goes into a cookie, which no script reads, where the session
 * would go there too.
 */
export function pendingInCookie(
  error: unknown,
  delivery: TokenDelivery,
  { pendingSignInCookie }: Pick<GraphQLContext, 'pendingSignInCookie'>,
): unknown {
  if (!(error instanceof SecondFactorRequired) || delivery !== TokenDelivery.COOKIE) return error;
  const { challenge, expiresAt, ...stepUp } = error.stepUp ?? { acr: 'aal2' };
  if (challenge === undefined || expiresAt === undefined) return error;
  pendingSignInCookie.write(challenge, expiresAt);
  return new SecondFactorRequired({ ...stepUp, expiresAt });
}
