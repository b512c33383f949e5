import { createRemoteSubgraphs } from '../../src/federation/remote-subgraphs.ts';
import { defaultSubgraphSettings } from '../../src/federation/subgraph-settings.ts';

const a = { ...defaultSubgraphSettings, name: 'a', url: 'http://a' };
const b = { ...defaultSubgraphSettings, name: 'b', url: 'http://b' };
const moved = { ...a, url: 'http://other' };

function open() {
  const made: { readonly url: string; readonly removed: AbortSignal }[] = [];
  const remotes = createRemoteSubgraphs(({ url }, removed) => {
    made.push({ url, removed });
    return url;
  });
  const removed = () => made.filter(({ removed: { aborted } }) => aborted).map(({ url }) => url);
  return { remotes, made, removed };
}

describe('the subgraphs that are asked', () => {
  it('are made once for each name and address', () => {
    const { remotes, made } = open();
    for (const entry of [a, b, moved, a, b, moved]) expect(remotes.at(entry)).toBe(entry.url);
    expect(made).toHaveLength(3);
  });

  it('are let go when no graph has them, or has them elsewhere', () => {
    const { remotes, removed } = open();
    for (const entry of [a, b]) remotes.at(entry);
    remotes.keepOnly([a, b]);
    expect(removed()).toEqual([]);
    remotes.at(moved);
    remotes.keepOnly([moved]);
    expect(removed()).toEqual(['http://a', 'http://b']);
  });

  it('begin anew when they come back', () => {
    const { remotes, made } = open();
    remotes.at(a);
    remotes.keepOnly([]);
    remotes.at(a);
    expect(made.map(({ removed: { aborted } }) => aborted)).toEqual([true, false]);
  });
});
