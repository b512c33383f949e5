import type { Caller } from './identity/mint-identity.ts';
import type { SubgraphSettings } from './subgraph-settings.ts';

/** The headers of the client's request, as Node has them. */
export type ClientHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The client's headers that a subgraph gets: those of its list, and nothing else. The configuration
 * lets no header that names a caller onto the list.
 *
 * Attack: `Connection: x-tenant` makes a proxy drop a header that the next one relies on (RFC 9110
 * section 7.6.1); what it names belongs to the client's own connection, and stays there.
 */
export function forwardedHeaders(
  client: ClientHeaders,
  { headers: allowed, passAccessToken }: Pick<SubgraphSettings, 'headers' | 'passAccessToken'>,
): Record<string, string> {
  const hopByHop = new Set(
    textOf(client.connection)
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
  const names = [...allowed, ...(passAccessToken ? ['authorization'] : [])];
  const forwarded: Record<string, string> = {};
  for (const name of names) {
    const value = client[name];
    if (value !== undefined && !hopByHop.has(name)) forwarded[name] = textOf(value);
  }
  return forwarded;
}

/** Who is asking, in plain text, for services on a closed network that can't verify a token. */
export function plainIdentityHeaders(caller: Caller): Record<string, string> {
  if (caller.kind === 'anonymous') return {};
  return {
    'x-user-id': caller.userId,
    'x-user-roles': caller.roles.join(','),
    'x-user-scopes': caller.scopes.join(' '),
  };
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.join(', ') ?? '');
}
