import type { Dispatcher } from 'undici';
import type { Clock } from '../core/clock.ts';
import { createKnownProviders, type KnownProviders } from './known-providers.ts';
import type { Provider } from './provider.ts';
import type { ProviderDispatchers } from './provider-fetch.ts';

export interface OpenProvidersOptions {
  /** What carries requests to them, where that is not the network. */
  readonly dispatcher?: Dispatcher | undefined;
  /** Asks for something to be done at the end. */
  readonly onStop: (work: () => Promise<unknown>) => void;
}

/** Milliseconds for one answer. */
const timeout = 5_000;

/** The providers, and what asks them: neither is loaded before the first is asked. */
export function openProviders(
  list: readonly Provider[],
  now: Clock,
  { dispatcher: given, onStop }: OpenProvidersOptions,
): KnownProviders {
  let dispatchers: ProviderDispatchers | undefined = given && { named: given, others: given };
  const openFetch = async ({ issuer }: Provider) => {
    const { createProviderAgents, createProviderFetch } = await import('./provider-fetch.ts');
    dispatchers ??= openAgents(createProviderAgents());
    return createProviderFetch({ dispatchers, namedOrigin: new URL(issuer).origin, timeout });
  };
  const openAgents = (agents: ProviderDispatchers) => {
    onStop(() => Promise.all([agents.named.destroy(), agents.others.destroy()]));
    return agents;
  };
  return createKnownProviders(list, openFetch, now);
}
