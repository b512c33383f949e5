import { looked } from '../../../src/client/core/decide.ts';
import { answered } from '../../../src/client/core/fly.ts';
import { heard } from '../../../src/client/core/hear.ts';
import { refused } from '../../../src/client/core/refuse.ts';
import { asked } from '../../../src/client/core/sign-out.ts';
import { wanted } from '../../../src/client/core/turn.ts';
import type { ErrorReason } from '../../../src/client/generated/errors.ts';
import {
  ada,
  answer,
  begin,
  createTestCore,
  fail,
  flightOf,
  kindsOf,
  networkError,
  refusal,
  signedIn,
  signedInCore,
} from '../../support/client-core.ts';

const endings: readonly ErrorReason[] = [
  'REFRESH_TOKEN_INVALID',
  'REFRESH_TOKEN_EXPIRED',
  'REFRESH_TOKEN_REUSED',
  'SESSION_REVOKED',
  'ACCOUNT_DISABLED',
];
const others: readonly ErrorReason[] = [
  'INVALID_CREDENTIALS',
  'TOKEN_MISSING',
  'SCOPE_MISSING',
  'BUSY',
  'SOMETHING_NEW' as ErrorReason,
];

describe('what ends a session', () => {
  it.each([...endings, 'TOKEN_MISSING' as const])('%s of a refresh does', (reason) => {
    const core = signedInCore();
    core.pass(90_000);
    core.happen(wanted, core.caller('operation'));
    const effects = fail(core, refusal(reason));
    expect(core.model().state).toEqual({
      status: 'signed-out',
      user: null,
      sessionId: null,
      why: reason,
    });
    expect(effects).toContainEqual(['tell', { type: 'over', sessionId: 's-ada', why: reason }]);
    expect(core.told).toEqual({ operation: reason });
  });

  it.each(endings)('%s of an operation does', (reason) => {
    const core = signedInCore();
    core.happen(refused, 'ada-1', reason);
    expect(core.model().state).toMatchObject({ status: 'signed-out', why: reason });
  });

  it.each(others.filter((reason) => reason !== 'TOKEN_MISSING'))(
    '%s of a refresh does not',
    (reason) => {
      const core = signedInCore();
      core.pass(101_000);
      core.happen(looked);
      fail(core, refusal(reason));
      expect(core.model().state).toMatchObject({ status: 'signed-in', problem: 'unavailable' });
    },
  );

  it('is never a token that is no longer used', () => {
    const core = signedInCore();
    core.happen(refused, 'an older one', 'SESSION_REVOKED');
    expect(core.model().state.status).toBe('signed-in');
    expect(core.model().token?.token).toBe('ada-1');
  });

  it('is no login that is refused', () => {
    const core = signedInCore();
    core.happen(asked, { operation: 'login', input: {}, caller: core.caller('login') });
    fail(core, refusal('INVALID_CREDENTIALS'));
    expect(core.told).toEqual({ login: 'INVALID_CREDENTIALS' });
    expect(core.model().state.status).toBe('signed-in');
    fail(signedInLogin(), refusal('ACCOUNT_DISABLED'));

    function signedInLogin() {
      core.happen(asked, { operation: 'login', input: {} });
      return core;
    }
    expect(core.model().state.status).toBe('signed-in');
  });

  it('leaves a stranger without a reason', () => {
    const core = createTestCore();
    begin(core);
    fail(core, refusal('TOKEN_MISSING'));
    expect(core.model().state).toEqual({ status: 'signed-out', user: null, sessionId: null });
  });

  it('tells a visitor whose session ended while the page was closed', () => {
    const core = createTestCore();
    begin(core);
    fail(core, refusal('REFRESH_TOKEN_EXPIRED'));
    expect(core.model().state.why).toBe('REFRESH_TOKEN_EXPIRED');
  });
});

describe('a token that the gateway refuses', () => {
  it('as ended is renewed, whatever the clocks say', () => {
    const core = signedInCore();
    core.happen(refused, 'ada-1', 'TOKEN_EXPIRED');
    core.happen(wanted, core.caller('operation'));
    expect(core.told).toEqual({});
    answer(core, signedIn(ada, { token: 'ada-2' }));
    expect(core.told).toEqual({ operation: 'ada-2' });
  });

  it.each(['TOKEN_INVALID', 'TOKEN_MALFORMED'] as const)(
    'as %s: one refresh, then out',
    (reason) => {
      const core = signedInCore();
      core.happen(refused, 'ada-1', reason);
      answer(core, signedIn(ada, { token: 'ada-2' }));
      expect(core.model().state.status).toBe('signed-in');
      core.happen(refused, 'ada-2', reason);
      expect(core.model().state).toMatchObject({ status: 'signed-out', why: reason });
    },
  );

  it('as invalid is forgiven when the next one is renewed in its time', () => {
    const core = signedInCore();
    core.happen(refused, 'ada-1', 'TOKEN_INVALID');
    answer(core, signedIn(ada, { token: 'ada-2' }));
    core.pass(90_000);
    core.happen(looked);
    answer(core, signedIn(ada, { token: 'ada-3' }));
    core.happen(refused, 'ada-3', 'TOKEN_INVALID');
    expect(core.model().state.status).toBe('signed-in');
  });

  it('is not taken from another tab, which still believes in it', () => {
    const core = signedInCore('cookie', { age: 1_000 });
    core.happen(refused, 'ada-1', 'TOKEN_EXPIRED');
    core.happen(wanted, core.caller('operation'));
    core.happen(heard, { type: 'token', isSignIn: false, ...signedIn() });
    expect(core.told).toEqual({});
  });
});

describe('a refresh that fails', () => {
  it('early is silent, and whoever waits has the old token', () => {
    const core = signedInCore();
    core.pass(90_000);
    core.happen(wanted, core.caller('operation'));
    fail(core, networkError());
    expect(core.told).toEqual({ operation: 'ada-1' });
    expect(core.model().state).not.toHaveProperty('problem');
  });

  it('late is told, and nobody is signed out', () => {
    const core = signedInCore();
    const { state } = core.model();
    core.pass(101_000);
    core.happen(wanted, core.caller('operation'));
    fail(core, networkError());
    core.pass(core.wakesIn());
    core.happen(looked);
    core.pass(1_700);
    fail(core, networkError());
    expect(core.told).toEqual({ operation: 'NETWORK' });
    expect(core.model().state).toEqual({ ...state, problem: 'offline' });
  });

  it('once and then succeeds is noticed by nobody', () => {
    const core = signedInCore();
    core.pass(101_000);
    core.happen(wanted, core.caller('operation'));
    fail(core, networkError());
    core.pass(core.wakesIn());
    core.happen(looked);
    answer(core, signedIn(ada, { token: 'ada-2' }));
    expect(core.told).toEqual({ operation: 'ada-2' });
    expect(core.model().state).not.toHaveProperty('problem');
  });

  it('at the start leaves it unknown who is signed in', () => {
    const core = createTestCore();
    begin(core);
    fail(core, networkError());
    expect(core.model().state).toMatchObject({ status: 'unknown', problem: 'offline' });
  });

  it('is tried again after half a second, doubling to half a minute', () => {
    const core = createTestCore('cookie', 0.5);
    begin(core);
    const pauses = Array.from({ length: 9 }, () => {
      fail(core, networkError());
      const pause = core.wakesIn();
      core.pass(pause);
      core.happen(looked);
      return pause;
    });
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('is tried again by each tab at another time', () => {
    const pauses = [0, 0.99].map((chance) => {
      const core = createTestCore('cookie', chance);
      begin(core);
      fail(core, networkError());
      return core.wakesIn();
    });
    expect(pauses).toEqual([375, 622.5]);
  });

  it('is not tried again before the gateway said, not even when the page is seen again', () => {
    const core = createTestCore();
    begin(core);
    fail(core, refusal('BUSY', { retryable: true, retryAfterSeconds: 60 }));
    expect(core.wakesIn()).toBe(60_000);
    begin(core);
    expect(core.model().flight).toBeNull();
  });

  it.each([Number.NaN, -1, 'soon'])(
    'is tried again whatever a proxy says of when: %s',
    (seconds) => {
      const core = createTestCore();
      begin(core);
      fail(core, networkError({ retryAfterSeconds: seconds as number }));
      expect(core.wakesIn()).toBe(375);
    },
  );

  it('is tried again at once when the network is back', () => {
    const core = createTestCore();
    begin(core);
    for (let times = 0; times < 5; times += 1) {
      fail(core, networkError());
      core.pass(core.wakesIn());
      core.happen(looked);
    }
    fail(core, networkError());
    begin(core);
    expect(kindsOf(core.effects())).toContain('fly');
  });

  it('is one flight for all who wait', () => {
    const core = signedInCore();
    core.pass(101_000);
    const effects = Array.from({ length: 10 }, (_, index) =>
      core.happen(wanted, core.caller(`${index}`)),
    ).flat();
    expect(kindsOf(effects)).toEqual(['fly']);
    answer(core, signedIn(ada, { token: 'ada-2' }));
    expect(new Set(Object.values(core.told))).toEqual(new Set(['ada-2']));
    expect(Object.keys(core.told)).toHaveLength(10);
  });

  it('by a race that another tab won looks again, three times, in a moment', () => {
    const core = createTestCore('cookie', 0.5);
    begin(core);
    const superseded = refusal('REFRESH_TOKEN_SUPERSEDED', {
      retryable: true,
      retryAfterSeconds: 1,
    });
    const pauses = Array.from({ length: 4 }, () => {
      fail(core, superseded);
      const pause = core.wakesIn();
      core.pass(pause);
      core.happen(looked);
      return pause;
    });
    expect(pauses).toEqual([250, 250, 250, 4000]);
    expect(core.model().state.status).toBe('unknown');
  });
});

describe('an answer', () => {
  it('that comes twice counts once', () => {
    const core = signedInCore();
    core.pass(90_000);
    core.happen(looked);
    const flight = flightOf(core);
    answer(core, signedIn(ada, { token: 'ada-2' }));
    const { epoch, token } = core.model();
    core.happen(answered, flight, signedIn(ada, { token: 'ada-2' }));
    core.happen(answered, flight, signedIn(ada, { token: 'ada-0' }));
    expect(core.model()).toMatchObject({ epoch, token });
  });

  it('that changes nothing changes no snapshot', () => {
    const core = signedInCore();
    const { state } = core.model();
    core.pass(90_000);
    core.happen(looked);
    answer(core, signedIn(ada, { token: 'ada-2' }));
    expect(core.model().state).toBe(state);
  });

  it('with other roles is another snapshot of the same session', () => {
    const core = signedInCore();
    const { state, epoch } = core.model();
    core.happen(refused, 'ada-1', 'TOKEN_EXPIRED');
    answer(core, signedIn({ ...ada, roles: ['editor'] }, { token: 'ada-2' }));
    expect(core.model().state).toEqual({ ...state, user: { ...ada, roles: ['editor'] } });
    expect(core.model().epoch).toBe(epoch);
  });
});
