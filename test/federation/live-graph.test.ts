import type { Supergraph } from '../../src/federation/compose-supergraph.ts';
import { composeSupergraph, subgraphsOf } from '../../src/federation/compose-supergraph.ts';
import type { GraphEngine } from '../../src/federation/engine.ts';
import { composedGraph, openLiveGraph } from '../../src/federation/live-graph.ts';

const auth = {
  name: 'gatehouse',
  url: 'http://gatehouse',
  sdl: 'type Query { me: String }',
  names: {},
};
const unused = () => Promise.reject(new Error('runs nothing'));
const createEngine = async ({ supergraphSdl }: Supergraph) =>
  ({ supergraphSdl, execute: unused }) as unknown as GraphEngine<object>;

describe('the live graph', () => {
  const schemas = new Map<string, string>();
  const unreachable: string[] = [];
  const open = () =>
    openLiveGraph({
      createEngine,
      readGraph: composedGraph({
        auth,
        sources: [{ name: 'reviews', url: 'http://reviews', schema: undefined, execute: unused }],
        async askSchema({ name }) {
          const sdl = schemas.get(name);
          if (sdl === undefined) throw new Error('unreachable');
          return sdl;
        },
        onUnreachable: (name) => unreachable.push(name),
      }),
    });
  const sdlOf = (graph: { current: () => { supergraphSdl: string } }) =>
    graph.current().supergraphSdl;
  beforeEach(() => {
    schemas.clear();
    unreachable.length = 0;
  });

  it('starts without a subgraph that is down, and takes it in when it is back', async () => {
    const graph = await open();
    let replaced = 0;
    graph.onReplaced(() => {
      replaced += 1;
    });
    expect(unreachable).toEqual(['reviews']);
    expect(sdlOf(graph)).not.toContain('REVIEWS');

    schemas.set('reviews', 'type Query { reviews: String }');
    expect(await graph.refresh()).toBe(true);
    expect(sdlOf(graph)).toContain('REVIEWS');
    expect(await graph.refresh()).toBe(false);
    expect(replaced).toBe(1);
  });

  it('keeps what is known of a subgraph that went away', async () => {
    schemas.set('reviews', 'type Query { reviews: String }');
    const graph = await open();
    schemas.clear();
    expect(await graph.refresh()).toBe(false);
    expect(sdlOf(graph)).toContain('REVIEWS');
  });

  it('keeps the last good graph when the next one does not compose', async () => {
    schemas.set('reviews', 'type Query { reviews: String }');
    const graph = await open();
    const before = sdlOf(graph);
    for (const broken of [
      'type Query { reviews: Missing }',
      'type Query {',
      'type Query { me: Int }',
    ]) {
      schemas.set('reviews', broken);
      await expect(graph.refresh()).rejects.toMatchObject({
        name: 'CompositionFailed',
        problems: [expect.any(String)],
      });
      expect(sdlOf(graph)).toBe(before);
    }
  });

  it('does not start with subgraphs that do not compose', async () => {
    schemas.set('reviews', 'type Query { reviews: Missing }');
    await expect(open()).rejects.toMatchObject({ name: 'CompositionFailed' });
  });
});

describe('subgraphsOf', () => {
  it('reads the names and addresses out of a supergraph', () => {
    const reviews = { name: 'my-reviews', url: 'http://reviews', sdl: 'type Query { a: Int }' };
    expect(subgraphsOf(composeSupergraph([auth, reviews]).supergraphSdl)).toEqual([
      { name: 'gatehouse', url: 'http://gatehouse' },
      { name: 'my-reviews', url: 'http://reviews' },
    ]);
  });
});
