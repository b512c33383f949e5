import {
  createCredentialThrottle,
  credentialLimits,
} from '../../src/throttling/credential-throttle.ts';
import { RateLimited } from '../../src/throttling/errors.ts';
import { createForgetCounts } from '../../src/throttling/forget-counts.ts';
import { createLimiters } from '../../src/throttling/limiters.ts';

const { freeAttempts, deviceAttempts } = credentialLimits;
const account = 'an account';

describe('attempts at one account from devices that it knows', () => {
  const start = () => {
    const limiters = createLimiters({ kind: 'memory' });
    const { make } = limiters;
    const { reserve } = createCredentialThrottle(limiters);
    /** Whether an attempt comes as far as being compared, and then fails. */
    const attempt = async (device: string | null, at = account) => {
      try {
        await reserve({ account: at, device, ip: null });
        return true;
      } catch (error) {
        if (error instanceof RateLimited) return false;
        throw error;
      }
    };
    /** As many as are free, from each of so many devices. @returns how many were compared */
    const attemptFrom = async (devices: number, name: string) => {
      let compared = 0;
      for (let each = 0; each < devices * freeAttempts; each += 1) {
        if (await attempt(`${name} ${each % devices}`)) compared += 1;
      }
      return compared;
    };
    return { make, reserve, attempt, attemptFrom };
  };
  const devices = deviceAttempts / freeAttempts;

  it('are as many each, until they have failed a hundred times in a day', async () => {
    const { attempt, attemptFrom } = start();
    expect(await attemptFrom(devices, 'a device')).toBe(deviceAttempts);
    // From then on they have what strangers have, together: five, and one for which nobody waited.
    const more = await attemptFrom(devices, 'another one');
    expect(more).toBeGreaterThanOrEqual(freeAttempts);
    expect(more).toBeLessThan(2 * freeAttempts);
    expect(await attempt(null)).toBe(false);
    // Nobody else pays for it.
    expect(await attempt('a device 0', 'another account')).toBe(true);
  });

  it('are not counted where they were right, or waited', async () => {
    const { reserve, attempt, attemptFrom } = start();
    for (let each = 0; each < deviceAttempts; each += 1) {
      const right = await reserve({ account, device: 'the owner', ip: null });
      await right.succeed();
    }
    for (let each = 0; each < 3 * freeAttempts; each += 1) await attempt('in a hurry');
    expect(await attemptFrom(devices - 3, 'a device')).toBe((devices - 3) * freeAttempts);
    expect(await attempt('the owner')).toBe(true);
  });

  it('are forgotten when an administrator lifts the limits of the account', async () => {
    const { make, attemptFrom } = start();
    await attemptFrom(devices, 'a device');
    await createForgetCounts(make).ofAccount(account, 'ada@example.com');
    expect(await attemptFrom(devices, 'another one')).toBe(deviceAttempts);
  });
});
