import { planFaults } from './fault-schedule.ts';

describe('planFaults', () => {
  const minute = 60_000;

  it('plans the same faults for the same seed', () => {
    expect(planFaults(7, 5 * minute, 2)).toEqual(planFaults(7, 5 * minute, 2));
  });

  it('plans others for another seed', () => {
    expect(planFaults(7, minute, 2)).not.toEqual(planFaults(8, minute, 2));
  });

  it('plans every kind of fault, however short the run', () => {
    const { database, processes } = planFaults(1, 1, 2);
    const kinds = [...database, ...processes].map(({ fault }) => fault.kind);
    expect(new Set(kinds)).toEqual(
      new Set([
        'freeze',
        'restart',
        'terminate',
        'exhaust',
        'crash',
        'stop',
        'kill',
        'drop',
        'drain',
      ]),
    );
  });

  it('plans the loss of the primary where there is a standby', () => {
    const { database } = planFaults(1, minute, 2, { hasStandby: true });
    expect(new Set(database.map(({ fault }) => fault.kind))).toEqual(
      new Set(['lose', 'terminate']),
    );
  });

  it('plans enough for the whole run, and hits every gateway', () => {
    const { database, processes } = planFaults(3, 10 * minute, 3);
    for (const track of [database, processes]) {
      expect(track.reduce((total, { after }) => total + after, 0)).toBeGreaterThanOrEqual(
        10 * minute,
      );
    }
    const hit = processes.flatMap(({ fault }) => ('gateway' in fault ? [fault.gateway] : []));
    expect(new Set(hit)).toEqual(new Set([0, 1, 2]));
  });
});
