import { answered, granted } from '../../../src/client/core/fly.ts';
import { asked } from '../../../src/client/core/sign-out.ts';
import {
  ada,
  answer,
  begin,
  createTestCore,
  fail,
  flightOf,
  refusal,
  signedIn,
  type TestCore,
} from '../../support/client-core.ts';

const guest = signedIn({ ...ada, roles: ['guest'] }, { token: 'guest-1' });

describe('a sign-in on a page that does not know yet who is here', () => {
  it('goes out with the token of a guest, once it is known', () => {
    const core = signingIn();
    core.happen(granted, flightOf(core), undefined);
    core.happen(answered, flightOf(core), guest);
    expect(core.model().flight).toMatchObject({ operation: 'login', bearer: 'guest-1' });
    answer(core, signedIn());
    expect(core.told).toEqual({ login: null });
  });

  it('goes out with no token of an account', () => {
    const core = signingIn();
    answer(core, signedIn());
    expect(core.model().flight?.operation).toBe('login');
    expect(core.model().flight?.bearer).toBeFalsy();
  });

  it('goes out with none where nobody is here', () => {
    const core = signingIn();
    fail(core, refusal('TOKEN_MISSING'));
    expect(core.model().flight?.operation).toBe('login');
    expect(core.model().flight?.bearer).toBeFalsy();
  });

  it('is dropped by whoever signs out meanwhile', () => {
    const core = signingIn();
    core.happen(asked, { operation: 'logout', caller: core.caller('logout') });
    expect(core.told).toEqual({ login: 'SESSION_CHANGED' });
    answer(core, null);
    expect(core.model()).toMatchObject({ state: { status: 'signed-out' }, queue: [] });
  });
});

function signingIn(): TestCore {
  const core = createTestCore();
  begin(core);
  core.happen(asked, { operation: 'login', input: {}, caller: core.caller('login') });
  expect(core.model().flight?.operation).toBe('refresh');
  return core;
}
