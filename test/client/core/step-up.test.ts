import { looked } from '../../../src/client/core/decide.ts';
import { answered, granted } from '../../../src/client/core/fly.ts';
import { heard } from '../../../src/client/core/hear.ts';
import { asked } from '../../../src/client/core/sign-out.ts';
import {
  ada,
  bob,
  fail,
  flightOf,
  kindsOf,
  refusal,
  signedIn,
  signedInCore,
  type TestCore,
} from '../../support/client-core.ts';

const renewed = { token: 'ada-2', ttl: 100_000, age: 0 };

describe('a step-up', () => {
  it('has its token in this tab and tells the others, and the session stays as it is', () => {
    const core = stepping();
    const { state, epoch } = core.model();
    core.happen(granted, flightOf(core), undefined);
    const effects = core.happen(answered, flightOf(core), renewed);
    expect(core.told).toEqual({ ada: null });
    expect(core.model()).toMatchObject({ epoch, token: { token: 'ada-2', user: ada } });
    expect(core.model().state).toBe(state);
    const message = { type: 'token', ...renewed, user: ada, sessionId: 's-ada', isSignIn: false };
    expect(effects).toContainEqual(['tell', message]);
  });

  it('that is refused leaves the token and the session as they are', () => {
    const core = stepping();
    fail(core, refusal('CODE_INVALID'));
    expect(core.told).toEqual({ ada: 'CODE_INVALID' });
    expect(core.model()).toMatchObject({
      state: { status: 'signed-in' },
      token: { token: 'ada-1' },
    });
  });

  it('counts for nobody who is signed in by the time of its answer', () => {
    const core = stepping();
    core.happen(granted, flightOf(core), undefined);
    core.pass(10);
    core.happen(heard, { type: 'token', ...signedIn(bob), isSignIn: true });
    core.happen(answered, flightOf(core), renewed);
    expect(core.told).toEqual({ ada: 'SESSION_CHANGED' });
    expect(core.model()).toMatchObject({ state: { user: bob }, token: { token: 'bob-1' } });
  });

  it('that waits its turn is not sent when somebody else is signed in by then', () => {
    const core = signedInCore();
    core.happen(asked, { operation: 'login', input: {}, caller: core.caller('bob') });
    core.happen(asked, stepUp(core));
    const login = flightOf(core);
    core.happen(granted, login, undefined);
    core.happen(answered, login, signedIn(bob));
    const effects = core.happen(granted, flightOf(core), undefined);
    expect(core.told).toEqual({ bob: null, ada: 'SESSION_CHANGED' });
    expect(kindsOf(effects)).toContain('land');
    expect(core.model().flight).toBeNull();
  });

  it('under way when somebody signs out signs nobody in', () => {
    const core = stepping();
    core.happen(granted, flightOf(core), undefined);
    core.happen(asked, { operation: 'logout', caller: core.caller('leaver') });
    core.happen(answered, flightOf(core), renewed);
    expect(core.told.ada).toBe('SESSION_CHANGED');
    expect(core.model()).toMatchObject({ state: { status: 'signed-out' }, token: null });
  });

  function stepping(): TestCore {
    const core = signedInCore();
    core.pass(10);
    core.happen(looked);
    core.happen(asked, stepUp(core));
    return core;
  }

  function stepUp(core: TestCore) {
    const input = { totpCode: '123456' };
    return {
      operation: 'stepUp',
      input,
      bearer: 'ada-1',
      caller: core.caller('ada'),
    } as const;
  }
});
