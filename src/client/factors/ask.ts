import { passesOf } from '../passes.ts';
import type { Session } from '../session.ts';
import { toGatehouseError } from '../to-gatehouse-error.ts';
import { post } from '../wire/post.ts';

/**
 * Sends an operation of somebody who is about to sign in: as nobody, and with the cookie that names what
 * a password has begun.
 *
 * @throws GatehouseError
 */
export async function ask<Data>(
  session: Session,
  query: string,
  variables: object = {},
): Promise<Data> {
  const { delivery, ...wire } = session[passesOf].wire;
  const { data, errors } = await post({
    ...wire,
    query,
    variables,
    credentials: delivery === 'body' ? 'omit' : 'include',
    patience: 30_000,
  });
  if (errors?.[0]) throw toGatehouseError(errors);
  return data as Data;
}
