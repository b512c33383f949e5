import type { SubgraphSettings } from './subgraph-settings.ts';

type Place = Pick<SubgraphSettings, 'name' | 'url'>;

/** What is asked over HTTP: each subgraph is made once, and lasts as long as there is a graph with it. */
export interface RemoteSubgraphs<Remote> {
  /** @returns the one of this name at this address */
  readonly at: (settings: SubgraphSettings) => Remote;
  /** Lets go of all others. One that comes back begins anew. */
  readonly keepOnly: (places: readonly Place[]) => void;
}

/** @param make is told of a removal by the signal */
export function createRemoteSubgraphs<Remote>(
  make: (settings: SubgraphSettings, removed: AbortSignal) => Remote,
): RemoteSubgraphs<Remote> {
  const known = new Map<string, { readonly remote: Remote; readonly removal: AbortController }>();

  return {
    at(settings) {
      const key = keyOf(settings);
      const found = known.get(key);
      if (found) return found.remote;
      const removal = new AbortController();
      const remote = make(settings, removal.signal);
      known.set(key, { remote, removal });
      return remote;
    },
    keepOnly(places) {
      const kept = new Set(places.map(keyOf));
      for (const [key, { removal }] of known) {
        if (kept.has(key)) continue;
        removal.abort();
        known.delete(key);
      }
    },
  };
}

function keyOf({ name, url }: Place): string {
  return `${name} ${url}`;
}
