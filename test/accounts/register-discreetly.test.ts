import { v7 as uuidv7 } from 'uuid';
import { EmailNotVerified } from '../../src/accounts/errors.ts';
import { createRegisterDiscreetly } from '../../src/accounts/register-discreetly.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createPlainHasher } from '../support/plain-hasher.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a discreet registration', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
  });
  afterAll(() => database.stop());

  /** A registration whose pause ends when the test says so. */
  const begin = (email: string) => {
    const pauses: number[] = [];
    let endPause = () => {};
    const register = createRegisterDiscreetly({
      now: clock.now,
      newId: () => uuidv7(),
      passwordPolicy: async () => undefined,
      passwordHasher: createPlainHasher(),
      throttle: async () => {},
      mailThrottle: async () => true,
      transact: database.transact,
      pause(milliseconds) {
        pauses.push(milliseconds);
        return new Promise<void>((resolve) => {
          endPause = resolve;
        });
      },
    });
    let isAnswered = false;
    const answer = register({
      email,
      password: goodPassword,
      username: null,
      firstName: null,
      lastName: null,
      client: { ip: null, userAgent: null },
      device: undefined,
      remember() {},
      locale: 'en',
    }).catch((error: unknown) => {
      isAnswered = true;
      return error;
    });
    return { answer, pauses, endPause: () => endPause(), isAnswered: () => isAnswered };
  };
  const traces = async (email: string) => {
    const rows = await database.query(
      'SELECT FROM pending_registrations WHERE email_canonical = $1',
      [email],
    );
    return rows.length;
  };

  it('is answered when the same pause is over, not when the writing is, for a free address and a taken one', async () => {
    const email = freshEmail();
    for (const written of [1, 2]) {
      const registration = begin(email);
      await waitUntil(async () => (await traces(email)) === written);
      expect(registration.isAnswered()).toBe(false);
      expect(registration.pauses).toEqual([150]);
      registration.endPause();
      expect(await registration.answer).toBeInstanceOf(EmailNotVerified);
    }
    const accounts = await database.query('SELECT FROM users WHERE email = $1', [email]);
    expect(accounts).toHaveLength(1);
  });
});
