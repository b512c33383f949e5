import type { Clock } from '../core/clock.ts';
import type { Provider, ProviderClient } from './provider.ts';
import type { ProviderFetch } from './provider-fetch.ts';

/** The providers that the operator has named. */
export interface KnownProviders {
  readonly list: readonly Provider[];
  readonly find: (name: string) => Provider | undefined;
  /** How one of them is asked. What asks is loaded with the first: most processes never need it. */
  readonly clientOf: (provider: Provider) => Promise<ProviderClient>;
}

export function createKnownProviders(
  list: readonly Provider[],
  /** Makes what asks a provider, at its first use. */
  openFetch: (provider: Provider) => Promise<ProviderFetch>,
  now: Clock,
): KnownProviders {
  const clients = new Map<string, Promise<ProviderClient>>();
  const open = async (provider: Provider) => {
    const [{ createProviderClient }, fetch] = await Promise.all([
      import('./provider-client.ts'),
      openFetch(provider),
    ]);
    return createProviderClient({ provider, fetch, now });
  };
  return {
    list,
    find: (name) => list.find((provider) => provider.name === name),
    clientOf(provider) {
      const client = clients.get(provider.name) ?? open(provider);
      clients.set(provider.name, client);
      return client;
    },
  };
}
