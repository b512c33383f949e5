import type { Confirmation } from '../passwords/confirm-password.ts';
import { type GraphQLContext, requireSelf } from './context.ts';

/** The person who asks, with the password that they give once more. @throws AccessRefused, ImpersonationRefused */
export function confirmationOf(context: GraphQLContext, currentPassword: string): Confirmation {
  const { id: userId, sessionId } = requireSelf(context);
  const { client, deviceCookie } = context;
  return { userId, sessionId, currentPassword, client, device: deviceCookie.read() };
}
