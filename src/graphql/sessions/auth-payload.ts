import { epochSeconds } from '../../core/clock.ts';
import type { SignedIn } from '../../sessions/signed-in.ts';
import type { GraphQLContext } from '../context.ts';
import type { AuthPayload } from './session.types.ts';
import { toSession } from './session-connection.ts';
import { TokenDelivery } from './token-delivery.ts';

/**
 * Puts the refresh token where it belongs, the cookie or the answer, never both, and notes who it was
 * for whoever answers the rest of the operation.
 */
export function toAuthPayload(
  signedIn: SignedIn,
  delivery: TokenDelivery,
  context: Pick<GraphQLContext, 'refreshCookie' | 'deviceCookie' | 'signedIn' | 'mustEnrol'>,
): AuthPayload {
  const { account, grants, session, accessToken, refreshToken, supersededGuestId } = signedIn;
  const { refreshCookie, deviceCookie } = context;
  const { acr, amr, authenticatedAt } = session;
  context.mustEnrol = accessToken.isForEnrolment;
  context.signedIn = {
    id: account.id,
    sessionId: session.id,
    generation: session.generation,
    ...grants,
    actorId: null,
    ...{ acr, amr, authTime: epochSeconds(authenticatedAt) },
  };
  const inCookie = delivery === TokenDelivery.COOKIE;
  if (inCookie) {
    refreshCookie.write(refreshToken.token, refreshToken.expiresAt);
    if (signedIn.remembered && !account.isGuest) deviceCookie.remember(signedIn.remembered);
  }
  return {
    accessToken: accessToken.token,
    tokenType: 'Bearer',
    expiresIn: accessToken.expiresIn,
    expiresAt: accessToken.expiresAt,
    refreshToken: inCookie ? null : refreshToken.token,
    refreshTokenExpiresAt: refreshToken.expiresAt,
    session: toSession(session, session.id),
    user: { id: account.id, roles: grants.roles, account },
    supersededGuestId,
  };
}
