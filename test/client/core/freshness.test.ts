import { looked } from '../../../src/client/core/decide.ts';
import { wanted } from '../../../src/client/core/turn.ts';
import { hidden } from '../../../src/client/core/wake.ts';
import {
  answer,
  begin,
  createTestCore,
  kindsOf,
  signedIn,
  signedInCore,
} from '../../support/client-core.ts';

describe('how long a token is fresh', () => {
  it.each([
    ['well within its life', 80_000, 80_000, true],
    ['inside the margin', 90_000, 90_000, false],
    ['asleep: the monotonic clock stood still', 1_000, 90_000, false],
    ['a clock set back an hour', 90_000, 90_000 - 3_600_000, false],
    ['a clock set back an hour, early', 50_000, 50_000 - 3_600_000, true],
    ['a clock set ahead a day', 1_000, 86_400_000, false],
  ])('%s', (_, mono, wall, isFresh) => {
    const core = signedInCore();
    core.pass(mono, wall);
    const effects = core.happen(wanted, core.caller('page'));
    expect(kindsOf(effects)).toEqual(isFresh ? ['settle'] : ['fly']);
    expect(core.told).toEqual(isFresh ? { page: 'ada-1' } : {});
  });

  it('counts from before the request was sent', () => {
    const core = createTestCore();
    begin(core);
    answer(core, signedIn(undefined, { age: 80_000 }));
    core.pass(5_001);
    expect(kindsOf(core.happen(wanted, core.caller('page')))).toEqual(['fly']);
  });

  it('is half a minute short at most, however long it lives', () => {
    const core = signedInCore('cookie', { ttl: 3_600_000 });
    core.pass(3_569_000);
    core.happen(wanted, core.caller('early'));
    expect(core.told).toEqual({ early: 'ada-1' });
    core.pass(2_000);
    core.happen(wanted, core.caller('late'));
    expect(core.told).toEqual({ early: 'ada-1' });
  });
});

describe('when a token is renewed', () => {
  it.each([0, 0.99])('by a timer in a visible tab, before the margin (chance %d)', (chance) => {
    const core = createTestCore('cookie', chance);
    begin(core);
    answer(core, signedIn());
    expect(core.wakesIn()).toBeCloseTo(100_000 - 15_000 * (1 + chance), -1);
    core.pass(core.wakesIn());
    expect(kindsOf(core.happen(looked))).toEqual(['fly']);
  });

  it('never by a timer in a hidden tab, but when it is needed', () => {
    const core = signedInCore();
    core.happen(hidden);
    expect(core.wakesIn()).toBe(Number.POSITIVE_INFINITY);
    core.pass(90_000);
    expect(core.happen(looked)).toEqual([]);
    expect(kindsOf(core.happen(wanted, core.caller('page')))).toEqual(['fly']);
  });

  it('when the page is seen again, and not before it is due', () => {
    const core = signedInCore();
    core.happen(hidden);
    core.pass(50_000);
    begin(core, { note: 's-ada' });
    expect(kindsOf(core.effects())).toEqual(['settle']);
    core.happen(hidden);
    core.pass(40_000);
    begin(core, { note: 's-ada' });
    expect(kindsOf(core.effects())).toEqual(['fly']);
  });

  it('at most once a second, however short it lives', () => {
    const core = createTestCore();
    begin(core);
    answer(core, signedIn(undefined, { ttl: 10, age: 20 }));
    expect(core.wakesIn()).toBe(1_000);
    expect(core.happen(looked)).toEqual([]);
  });

  it('is given to whoever waited, even if it arrives too old', () => {
    const core = createTestCore();
    begin(core);
    core.happen(wanted, core.caller('page'));
    answer(core, signedIn(undefined, { ttl: 10, age: 20 }));
    expect(core.told).toEqual({ page: 'ada-1' });
  });
});
