import { createHiveEngine } from '../../../src/federation/hive-engine.ts';
import { fuzzGraph } from './fuzz-graphs.ts';

/*
 * A few hundred operations with every run of the tests; `npm run test:fuzz` compares 200,000, over
 * other graphs. A seed that found something is kept here, with what it found.
 */
const seeds = [
  [1, 'the first'],
  [2, 'a field with @requires below an entity that another subgraph leads to: no plan'],
  [6, 'the same in the subgraph that leads to it: no plan'],
  [11, 'a field with @requires that the planner crashes on'],
] as const;

describe('the gateway answers as one schema over the same data', () => {
  it.each(seeds)('graph %i: %s', async (seed) => {
    const { compared, differences } = await fuzzGraph(seed, {
      createEngine: createHiveEngine,
      operationsOfEach: 100,
    });
    expect(differences).toEqual([]);
    expect(compared).toBe(100);
  });
});
