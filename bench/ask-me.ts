import type { LoadRequest } from './load-messages.ts';
import type { Person } from './people.ts';

export const meQuery = '{ me { id roles } }';
export const meWithRowQuery = '{ me { id roles email firstName lastName createdAt } }';

/** `me` out of the token alone. */
export function askMe({ id, roles, accessToken }: Person): LoadRequest {
  return {
    headers: { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: meQuery }),
    expected: { data: { me: { id, roles } } },
  };
}

/** `me` with columns of the user's row. */
export function askMeWithRow({ id, roles, email, createdAt, accessToken }: Person): LoadRequest {
  const row = { email, firstName: 'Ada', lastName: 'Lovelace', createdAt: createdAt.toISOString() };
  return {
    headers: { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: meWithRowQuery }),
    expected: { data: { me: { id, roles, ...row } } },
  };
}
