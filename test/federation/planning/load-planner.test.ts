import { loadPlanner } from '../../../src/federation/planning/load-planner.ts';

describe('the planner', () => {
  it('is loaded where it has a build', async () => {
    expect((await loadPlanner()).name).toBe('QueryPlanner');
  });

  it('says where it runs, on a system without one', async () => {
    const load = () => Promise.reject(new Error('Cannot find native binding'));
    await expect(loadPlanner(load)).rejects.toThrow(
      /^The planner of subgraphs has no build .*glibc/,
    );
  });
});
