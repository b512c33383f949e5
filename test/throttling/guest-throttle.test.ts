import { RateLimited } from '../../src/throttling/errors.ts';
import {
  allGuestsCounter,
  createGuestThrottle,
  guestLimits,
} from '../../src/throttling/guest-throttle.ts';
import { createLimiters } from '../../src/throttling/limiters.ts';

describe('h4 guests', () => {
  const start = async (made: number) => {
    const { make } = createLimiters({ kind: 'memory' });
    await make(allGuestsCounter).penalty('all', made);
    return createGuestThrottle(make);
  };

  it('are made so many in an hour by all networks together, and one more waits', async () => {
    const throttle = await start(guestLimits.attemptsOfAll - 1);
    await throttle('192.0.2.1');
    const refusal = await throttle('192.0.2.2').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RateLimited);
    expect(refusal).toMatchObject({
      code: 'RATE_LIMITED',
      message: 'There are too many new guests now. Come back later, or register.',
    });
    const { retryAfterSeconds } = refusal as RateLimited;
    expect(retryAfterSeconds).toBeGreaterThan(guestLimits.window);
    expect(retryAfterSeconds).toBeLessThanOrEqual(guestLimits.windowOfAll);
  });

  it('that a network may make no more of do not count for all', async () => {
    const throttle = await start(guestLimits.attemptsOfAll - guestLimits.attempts - 1);
    const attempts = Array.from({ length: 2 * guestLimits.attempts }, () => throttle('192.0.2.1'));
    const outcomes = await Promise.allSettled(attempts);
    const made = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(made).toHaveLength(guestLimits.attempts);
    await throttle('192.0.2.2');
  });
});
