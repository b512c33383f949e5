import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';
import { createPlanner, type Planner } from '../../../src/federation/planning/planner.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@shareable"])';
const both = (supergraphSdl: string) => ({ supergraphSdl, withEntityRoots: supergraphSdl });
const noPlan = expect.objectContaining({ code: 'SUBGRAPH_ERROR', reason: 'NO_PLAN' });

describe('the planner', () => {
  // The names that clients give never reach it; here they do, as they did.
  const deadly = '{ child { parent { name: id } message } }';
  let ended: string[];
  let planner: Planner;
  beforeEach(async () => {
    ended = [];
    planner = await createPlanner(
      both(
        composeSupergraph([
          {
            name: 'a',
            url: 'http://a',
            sdl: `${link} type Query { child: Child one: Int two: Int }
            type Child @key(fields: "id") { id: ID! parent: Parent }
            type Parent { id: ID! name: String }`,
          },
          {
            name: 'b',
            url: 'http://b',
            sdl: `${link} type Query { x: Int }
            type Child @key(fields: "id") { id: ID! parent: Parent @external message: String @requires(fields: "parent { name }") }
            type Parent { name: String @external }`,
          },
        ]).supergraphSdl,
      ),
      (how) => ended.push(how),
    );
  });

  it('may crash on a document: nobody but its sender notices, and it is not tried again', async () => {
    const others = ['{ one }', '{ two }', '{ x }'];
    const [dead, ...answers] = await Promise.allSettled(
      [deadly, ...others].map((query) => planner.plan(query, 0, false)),
    );
    expect(dead).toEqual({ status: 'rejected', reason: noPlan });
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    await expect(planner.plan(deadly, 0, false)).rejects.toEqual(noPlan);
    expect(ended).toEqual(['crashed']);
  });

  it('is asked once for each document', async () => {
    const [first, second] = await Promise.all([
      planner.plan('{ one }', 0, false),
      planner.plan('{ one }', 0, false),
    ]);
    expect(second).toBe(first);
    expect(await planner.plan('{ one }', 0, false)).toBe(first);
  });

  it('says what it can not read when it is made', async () => {
    await expect(createPlanner(both('<html>'), () => {})).rejects.toThrow();
  });
});

describe('a document that the planner never finishes', () => {
  it('keeps no other one waiting, and is given up', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const supergraph = composeSupergraph(
      names.map((name) => ({
        name,
        url: `http://${name}`,
        sdl: `${link} type Query { node: T @shareable ${name}: Int }
          type T @key(fields: "id") @key(fields: "k${name} { id }") {
            id: ID! t: T @shareable other: [T] @shareable k${name}: T @shareable f${name}: String
          }`,
      })),
    );
    const ended: string[] = [];
    const planner = await createPlanner(both(supergraph.supergraphSdl), (how) => ended.push(how));
    const nested = (depth: number): string =>
      depth === 0
        ? 'fa fb fc fd fe ff'
        : `fa t { ${nested(depth - 1)} } other { ${nested(depth - 1)} }`;
    const endless = planner.plan(`{ node { ${nested(8)} } }`, 0, false);
    const isOver = endless.then(
      () => true,
      () => true,
    );
    for (const name of names) {
      const quick = planner.plan(`{ ${name} }`, 0, false);
      expect(await Promise.race([quick.then(() => 'planned'), isOver])).toBe('planned');
    }
    await expect(endless).rejects.toEqual(noPlan);
    expect(ended).toEqual(['overran']);
  });
});
