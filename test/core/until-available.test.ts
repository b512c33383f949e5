import { BadUserInput, ServiceUnavailable } from '../../src/core/domain-error.ts';
import { untilAvailable } from '../../src/core/until-available.ts';

describe('untilAvailable', () => {
  function patient(patience: number) {
    const waited: number[] = [];
    let time = 0;
    const options = {
      patience,
      pause: 250,
      elapsed: () => time,
      sleep: async (milliseconds: number) => {
        time += milliseconds;
      },
      onWaiting: () => waited.push(time),
    };
    return { options, waited };
  }
  /** Fails some times, and then works. */
  function late(failures: number, error: Error = new ServiceUnavailable('DATABASE')) {
    let attempts = 0;
    return async () => {
      attempts += 1;
      if (attempts <= failures) throw error;
      return attempts;
    };
  }

  it('does it again until it works', async () => {
    const { options, waited } = patient(60_000);
    await expect(untilAvailable(late(3), options)).resolves.toBe(4);
    expect(waited).toEqual([0, 250, 500]);
  });

  it('loses patience', async () => {
    const { options, waited } = patient(1_000);
    await expect(untilAvailable(late(100), options)).rejects.toBeInstanceOf(ServiceUnavailable);
    expect(waited).toEqual([0, 250, 500, 750]);
  });

  it('does not wait for what waiting does not mend', async () => {
    const { options, waited } = patient(60_000);
    const error = new BadUserInput([]);
    await expect(untilAvailable(late(1, error), options)).rejects.toBe(error);
    expect(waited).toEqual([]);
  });
});
