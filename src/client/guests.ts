/** Published as `graphql-gatehouse-client/guests`: going on without an account. */
import { passesOf } from './passes.ts';
import type { Session } from './session.ts';
import type { SessionUser } from './session-state.ts';

/** Whether it is somebody who has no account yet. */
export function isGuest(user: Pick<SessionUser, 'roles'> | null): boolean {
  return user?.roles[0] === 'guest';
}

/**
 * Goes on without an account; whoever is signed in goes on as who they are.
 *
 * `register` and a passkey then make the guest an account, with the same id. Who signs in to an account
 * that they had is another user, and the guest's session is over.
 *
 * @throws GatehouseError, such as `GUESTS_OFF`, `RATE_LIMITED`
 */
export async function signInAsGuest(session: Session): Promise<SessionUser> {
  // A guest in place of an account would sign it out of this browser.
  await session.accessToken();
  const { user } = session.state;
  return user ?? session[passesOf].exchange('signInAsGuest', {});
}
