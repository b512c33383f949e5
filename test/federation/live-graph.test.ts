import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const compose = (schema?: string) =>
    composedGraph({
      auth,
      sources: [
        { name: 'reviews', url: 'http://reviews', schema: undefined, execute: unused },
        ...(schema ? [{ name: 'parts', url: 'http://parts', schema, execute: unused }] : []),
      ],
      async askSchema({ name }) {
        const sdl = schemas.get(name);
        if (sdl === undefined) throw new Error('unreachable');
        return sdl;
      },
      onUnreachable: (name) => unreachable.push(name),
    });
  const begin = async (composed = compose()) => ({
    graph: await openLiveGraph({ createEngine, ...composed }),
    unknown: composed.unknown,
  });
  const open = async () => {
    const { graph } = await begin();
    await graph.refresh();
    return graph;
  };
  const sdlOf = (graph: { current: () => { supergraphSdl: string } }) =>
    graph.current().supergraphSdl;
  beforeEach(() => {
    schemas.clear();
    unreachable.length = 0;
  });

  it('asks nobody before it is told to, and takes a subgraph in when it has come up', async () => {
    schemas.set('reviews', 'type Query { reviews: String }');
    const { graph, unknown } = await begin();
    expect(sdlOf(graph)).not.toContain('REVIEWS');
    expect(unknown()).toEqual(['reviews']);
    let replaced = 0;
    graph.onReplaced(() => {
      replaced += 1;
    });
    schemas.clear();
    expect(await graph.refresh()).toBe(false);
    expect(unreachable).toEqual(['reviews']);

    schemas.set('reviews', 'type Query { reviews: String }');
    expect(await graph.refresh()).toBe(true);
    expect(sdlOf(graph)).toContain('REVIEWS');
    expect(unknown()).toEqual([]);
    expect(await graph.refresh()).toBe(false);
    expect(replaced).toBe(1);
  });

  it('begins with what is written in files, and without where that can not stand by itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-live-'));
    const file = join(folder, 'parts.graphql');
    writeFileSync(file, 'type Query { parts: String }');
    expect(sdlOf((await begin(compose(file))).graph)).toContain('PARTS');
    writeFileSync(file, 'type Query { parts: Missing }');
    const { graph, unknown } = await begin(compose(file));
    expect(sdlOf(graph)).not.toContain('PARTS');
    expect(unknown()).toEqual(['reviews']);
    rmSync(folder, { recursive: true });
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

  it('does not take subgraphs that do not compose', async () => {
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
