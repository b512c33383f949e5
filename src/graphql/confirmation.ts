import type { Confirmation } from '../passwords/confirm-password.ts';
import { type GraphQLContext, requireHolder } from './context.ts';

/**
 * The person who asks, with the password that they give once more, or what they have shown just now.
 *
 * @throws AccessRefused, ImpersonationRefused, AccountRequired
 */
export function confirmationOf(
  context: GraphQLContext,
  currentPassword: string | null | undefined,
): Confirmation {
  const { id: userId, sessionId, acr, amr, authTime } = requireHolder(context);
  const { client, deviceCookie } = context;
  const shown = { acr, amr, authTime };
  const password = currentPassword ?? undefined;
  return {
    userId,
    sessionId,
    currentPassword: password,
    shown,
    client,
    device: deviceCookie.read(),
  };
}
