import { GatehouseError, type TypedDocument, toGatehouseError } from 'graphql-gatehouse-client';
import { session } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { steppedUp } from '../kit/stepped-up.ts';

/**
 * Asks the administrators' API, which heeds the access token and no cookie. Where it wants two factors of
 * the last minutes, they are asked for.
 *
 * @throws GatehouseError
 */
export function ask<Data, Variables extends object>(
  document: TypedDocument<Data, Variables>,
  variables?: Variables,
): Promise<Data> {
  return steppedUp(() => send(document, variables));
}

async function send<Data, Variables extends object>(
  document: TypedDocument<Data, Variables>,
  variables?: Variables,
): Promise<Data> {
  const answer = await session.fetch(at('/admin/graphql'), {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: `${document}`, variables }),
  });
  const { data, errors } = await answer.json().catch(() => ({}));
  if (errors?.[0]) throw toGatehouseError(errors);
  if (!data) throw new GatehouseError('NETWORK', 'No answer of the gateway came.');
  return data;
}
