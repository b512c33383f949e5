import { looked } from '../../../src/client/core/decide.ts';
import { answered, granted } from '../../../src/client/core/fly.ts';
import { heard } from '../../../src/client/core/hear.ts';
import { leaving } from '../../../src/client/core/model.ts';
import { asked } from '../../../src/client/core/sign-out.ts';
import { wanted } from '../../../src/client/core/turn.ts';
import { hidden } from '../../../src/client/core/wake.ts';
import {
  ada,
  answer,
  begin,
  bob,
  createTestCore,
  fail,
  flightOf,
  kindsOf,
  networkError,
  refusal,
  signedIn,
  signedInCore,
  type TestCore,
} from '../../support/client-core.ts';

function logOut(core: TestCore, name = 'logout') {
  return core.happen(asked, { operation: 'logout', caller: core.caller(name) });
}

function logIn(core: TestCore, name = 'login') {
  return core.happen(asked, { operation: 'login', input: {}, caller: core.caller(name) });
}

describe('signing out', () => {
  it('is done here, told to the tabs and noted at once, and then sent', () => {
    const core = signedInCore();
    const effects = logOut(core);
    expect(core.model().state).toMatchObject({ status: 'signed-out', user: null, why: 'LOGOUT' });
    expect(kindsOf(effects)).toEqual(['tell', 'note', 'epoch', 'store', 'leave', 'fly']);
    expect(effects[0]).toEqual(['tell', { type: 'over', sessionId: 's-ada', why: 'LOGOUT' }]);
    // Of this session alone: another may be here by now.
    expect(effects[1]).toEqual(['note', null, 's-ada']);
    expect(effects[4]).toEqual(['leave', true]);
    expect(core.model().flight).toMatchObject({ operation: 'logout', bearer: 'ada-1' });
    expect(core.told).toEqual({});
    expect(answer(core, null)).toContainEqual(['leave', false]);
    expect(core.told).toEqual({ logout: null });
  });

  it('while a refresh is under way drops what that brings', () => {
    const core = signedInCore();
    core.pass(90_000);
    core.happen(looked);
    core.happen(granted, flightOf(core), undefined);
    logOut(core);
    core.happen(answered, flightOf(core), signedIn(ada, { token: 'ada-2' }));
    expect(core.model().state.status).toBe('signed-out');
    expect(core.model().token).toBeNull();
    expect(core.model().flight?.operation).toBe('logout');
  });

  it('before the first answer drops that', () => {
    const core = createTestCore();
    begin(core);
    core.happen(granted, 1, null);
    logOut(core);
    core.happen(answered, 1, signedIn());
    expect(core.model().state.status).toBe('signed-out');
    expect(core.model().flight?.operation).toBe('logout');
  });

  it('while a login is under way wins over it', () => {
    const core = createTestCore();
    begin(core, { isStranger: true });
    logIn(core);
    core.happen(granted, flightOf(core), undefined);
    logOut(core);
    core.happen(answered, flightOf(core), signedIn());
    expect(core.told).toEqual({ login: 'SESSION_CHANGED' });
    answer(core, null);
    expect(core.told).toEqual({ login: 'SESSION_CHANGED', logout: null });
    expect(core.model().state.status).toBe('signed-out');
  });

  it('twice, or as nobody, is no request', () => {
    const core = signedInCore();
    logOut(core);
    expect(kindsOf(logOut(core, 'again'))).toEqual(['settle']);
    answer(core, null);
    expect(kindsOf(logOut(core, 'once more'))).toEqual(['settle']);
    expect(core.told).toEqual({ logout: null, again: null, 'once more': null });
  });

  it('fails whoever waits for a token of the former user, and gives them none', () => {
    const core = signedInCore();
    core.pass(90_000);
    core.happen(wanted, core.caller('operation'));
    logOut(core);
    expect(core.told).toEqual({ operation: 'SESSION_CHANGED' });
  });
});

describe('a sign-out that the gateway does not hear of', () => {
  it('is done all the same, and made up for before anything else', () => {
    const core = signedInCore();
    logOut(core);
    const effects = fail(core, networkError());
    expect(core.told).toEqual({ logout: null });
    expect(effects).not.toContainEqual(['leave', false]);
    core.pass(core.wakesIn());
    core.happen(looked);
    expect(core.model().flight).toMatchObject({ operation: 'logout', bearer: 'ada-1' });
    expect(answer(core, null)).toContainEqual(['leave', false]);
  });

  it('is made up for by the next load, which does not refresh', () => {
    const core = createTestCore();
    begin(core, { note: leaving });
    expect(core.model().state).toMatchObject({ status: 'signed-out', why: 'LOGOUT' });
    expect(core.model().flight?.operation).toBe('logout');
    answer(core, null);
    expect(core.model().flight).toBeNull();
    expect(core.model().state.status).toBe('signed-out');
  });

  it('is made up for when the network is back', () => {
    const core = signedInCore();
    logOut(core);
    fail(core, networkError());
    begin(core, { note: leaving });
    expect(core.model().flight?.operation).toBe('logout');
  });

  it('is made up for before the next login', () => {
    const core = signedInCore();
    logOut(core);
    fail(core, networkError());
    logIn(core);
    expect(core.model().flight?.operation).toBe('logout');
    fail(core, networkError());
    expect(core.model().flight?.operation).toBe('login');
    answer(core, signedIn(bob));
    expect(core.model()).toMatchObject({ leaving: null, state: { user: bob } });
  });

  it('is not made up for with the cookie of whoever signed in since', () => {
    const core = signedInCore();
    logOut(core);
    core.happen(granted, flightOf(core), 's-bob');
    expect(core.model().flight).toBeNull();
    expect(core.told).toEqual({ logout: null });
  });

  it('is over when the gateway refuses it for good', () => {
    const core = signedInCore();
    logOut(core);
    fail(core, refusal('ORIGIN_REFUSED'));
    expect(core.model().leaving).toBeNull();
    expect(core.wakesIn()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('another user', () => {
  it('is another session: what waited for the former one fails', () => {
    const core = signedInCore();
    core.pass(90_000);
    core.happen(wanted, core.caller('operation'));
    const effects = answer(core, signedIn(bob));
    expect(core.told).toEqual({ operation: 'SESSION_CHANGED' });
    expect(kindsOf(effects)).toContain('epoch');
    core.happen(wanted, core.caller('next'));
    expect(core.told.next).toBe('bob-1');
  });

  it('is told from the same one who signs in anew', () => {
    const core = signedInCore();
    core.pass(1_000);
    const anew = signedIn(ada, { sessionId: 's-ada-2' });
    const news = { type: 'token', isSignIn: true } as const;
    expect(core.happen(heard, { ...news, ...anew })).toEqual([['epoch', false]]);
    core.pass(1_000);
    expect(core.happen(heard, { ...news, ...signedIn(bob) })).toEqual([['epoch', true]]);
  });

  it('in another tab is one here', () => {
    const core = signedInCore();
    core.pass(1_000);
    const effects = core.happen(heard, { type: 'token', isSignIn: true, ...signedIn(bob) });
    expect(core.model().state.user).toBe(bob);
    expect(kindsOf(effects)).toEqual(['epoch']);
  });

  it('does not become the former one by what arrives late', () => {
    const core = signedInCore();
    core.pass(1_000);
    core.happen(heard, { type: 'token', isSignIn: true, ...signedIn(bob) });
    core.pass(1_000);
    core.happen(heard, { type: 'token', isSignIn: false, ...signedIn(ada, { age: 1_500 }) });
    expect(core.model().state.user).toBe(bob);
  });

  it('who signs in here is not taken for the one of another tab whose news come meanwhile', () => {
    const core = createTestCore();
    begin(core, { isStranger: true });
    logIn(core);
    core.happen(granted, flightOf(core), undefined);
    core.happen(heard, { type: 'token', isSignIn: true, ...signedIn(ada) });
    core.happen(answered, flightOf(core), signedIn(bob));
    expect(core.told).toEqual({ login: null });
    expect(core.model().state.user).toBe(bob);
  });
});

describe('another tab', () => {
  it('that signs out signs out here', () => {
    const core = signedInCore();
    const effects = core.happen(heard, { type: 'over', sessionId: 's-ada', why: 'LOGOUT' });
    expect(core.model().state).toMatchObject({ status: 'signed-out', why: 'LOGOUT' });
    expect(kindsOf(effects)).not.toContain('tell');
    expect(kindsOf(effects)).not.toContain('fly');
  });

  it('that ends another session ends none here', () => {
    const core = signedInCore();
    core.happen(heard, { type: 'over', sessionId: 's-bob', why: 'LOGOUT' });
    expect(core.model().state.status).toBe('signed-in');
  });

  it('that ended the session which a late answer brings is believed', () => {
    const core = createTestCore();
    begin(core);
    core.happen(granted, 1, null);
    core.happen(heard, { type: 'over', sessionId: 's-ada', why: 'LOGOUT' });
    core.happen(answered, 1, signedIn());
    expect(core.model().state.status).toBe('signed-out');
  });

  it('that has a token spares the refresh', () => {
    const core = createTestCore();
    begin(core);
    const effects = core.happen(heard, { type: 'token', isSignIn: false, ...signedIn() });
    expect(kindsOf(effects)).toContain('land');
    expect(core.model().flight).toBeNull();
    expect(core.model().state.user).toBe(ada);
  });

  it('that asks is told a fresh token, its age and whose it is', () => {
    const core = signedInCore();
    core.pass(10_000);
    expect(core.happen(heard, { type: 'ask' })).toMatchObject([
      ['tell', { type: 'token', isSignIn: false, ...signedIn(ada, { age: 10_000 }) }],
    ]);
    core.pass(80_000);
    core.happen(hidden);
    expect(core.happen(heard, { type: 'ask' })).toEqual([]);
  });

  it('of another version is no crash', () => {
    const core = signedInCore();
    expect(core.happen(heard, { type: 'something new' } as never)).toEqual([]);
  });
});

describe('a page that slept', () => {
  it('and finds that somebody signed out shows nobody at once', () => {
    const core = signedInCore();
    begin(core, { note: null, isRestored: true });
    expect(core.model().state).toMatchObject({ status: 'unknown', user: null });
    expect(core.model().flight?.operation).toBe('refresh');
  });

  it('and finds a sign-out that the gateway does not know of makes up for it', () => {
    const core = signedInCore();
    begin(core, { note: leaving });
    expect(core.model().state).toMatchObject({ status: 'signed-out', why: 'LOGOUT' });
    expect(core.model().flight?.operation).toBe('logout');
  });

  it('and finds that another user signed in asks who it is', () => {
    const core = signedInCore();
    begin(core, { note: 's-bob' });
    expect(core.model().state.user).toBeNull();
    answer(core, signedIn(bob));
    expect(core.model().state.user).toBe(bob);
  });

  it('as a stranger and finds a session asks whose it is', () => {
    const core = createTestCore();
    begin(core, { isStranger: true });
    begin(core, { note: 's-ada' });
    answer(core, signedIn());
    expect(core.model().state.user).toBe(ada);
  });

  it('and finds its own session asks nothing', () => {
    const core = signedInCore();
    begin(core, { note: 's-ada', isRestored: true });
    expect(core.model().flight).toBeNull();
  });

  it('where nothing can be noted asks anew', () => {
    const core = signedInCore();
    begin(core, { note: undefined, isRestored: true });
    expect(core.model().state.user).toBe(ada);
    expect(core.model().flight?.operation).toBe('refresh');
  });
});

describe('a stranger', () => {
  it('asks nothing', () => {
    const core = createTestCore();
    begin(core, { isStranger: true });
    expect(core.model().state).toEqual({ status: 'signed-out', user: null, sessionId: null });
    expect(core.model().flight).toBeNull();
    core.happen(wanted, core.caller('operation'));
    expect(core.told).toEqual({ operation: null });
  });
});

describe('body delivery', () => {
  it('without anything stored is nobody, and asks nothing', () => {
    const core = createTestCore('body');
    begin(core, { note: undefined });
    core.happen(granted, 1, undefined, { token: null, isLeaving: false });
    expect(core.model().state).toEqual({ status: 'signed-out', user: null, sessionId: null });
    expect(core.model().flight).toBeNull();
  });

  it('finds a sign-out that the gateway does not know of', () => {
    const core = createTestCore('body');
    begin(core, { note: undefined });
    core.happen(granted, 1, undefined, { token: 'r-1', isLeaving: true });
    expect(core.model().state.status).toBe('signed-out');
    expect(core.model().flight?.operation).toBe('logout');
  });

  it('keeps the session when the storage fails, and says so', () => {
    const core = signedInCore('body');
    core.pass(90_000);
    core.happen(wanted, core.caller('operation'));
    fail(core, networkError(), true);
    expect(core.model().state).toMatchObject({ status: 'signed-in', problem: 'storage' });
    expect(core.told).toEqual({ operation: 'ada-1' });
  });

  it('ends when another instance took the token out of the storage', () => {
    const core = signedInCore('body');
    core.pass(90_000);
    core.happen(looked);
    core.happen(granted, flightOf(core), undefined, { token: null, isLeaving: false });
    expect(core.model().state).toMatchObject({ status: 'signed-out', why: 'TOKEN_MISSING' });
  });

  it('takes no other session from another instance, whose storage may be another', () => {
    const core = signedInCore('body');
    core.pass(1_000);
    core.happen(heard, { type: 'token', isSignIn: false, ...signedIn(bob) });
    expect(core.model().state.user).toBe(ada);
    expect(core.model().flight).toBeNull();
  });

  it('looks into its storage when somebody signs in elsewhere', () => {
    const core = signedInCore('body');
    core.pass(1_000);
    core.happen(heard, { type: 'token', isSignIn: true, ...signedIn(bob) });
    expect(core.model().flight?.operation).toBe('refresh');
  });
});
