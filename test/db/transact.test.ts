import { randomUUID } from 'node:crypto';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { EmailTaken } from '../../src/accounts/errors.ts';
import type { Stores } from '../../src/db/database.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** On the embedded database all of this goes through a pool of one connection. */
describe('transact', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(createTestClock());
  });
  afterAll(() => database.stop());

  it('keeps transactions apart whose steps interleave', async () => {
    const kept: string[] = [];
    const lost: string[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async (_, number) => {
        const emails = [freshEmail(), freshEmail(), freshEmail()];
        const isLost = number % 2 === 0;
        (isLost ? lost : kept).push(...emails);
        const work = database.transact(async (stores) => {
          for (const email of emails) {
            await insert(stores, email);
            await turnOfTheLoop();
          }
          if (isLost) throw new Error('given up');
        });
        if (isLost) await expect(work).rejects.toThrow('given up');
        else await work;
      }),
    );
    expect(await existing([...kept, ...lost])).toEqual([...kept].sort());
  });

  it('keeps a statement of its own out of a transaction that is open', async () => {
    const [inside, outside] = [freshEmail(), freshEmail()];
    let writing: Promise<void> = Promise.resolve();
    const work = database.transact(async (stores) => {
      await insert(stores, inside);
      writing = insert(database.stores, outside);
      await turnOfTheLoop();
      throw new Error('given up');
    });
    await expect(work).rejects.toThrow('given up');
    await writing;
    expect(await existing([inside, outside])).toEqual([outside]);
  });

  it('shows nobody what is not committed', async () => {
    const email = freshEmail();
    let reading: Promise<readonly string[]> = Promise.resolve([]);
    await expect(
      database.transact(async (stores) => {
        await insert(stores, email);
        reading = existing([email]);
        await turnOfTheLoop();
        throw new Error('given up');
      }),
    ).rejects.toThrow('given up');
    expect(await reading).toEqual([]);
  });

  it('is as good as new after one that the database refused', async () => {
    const email = freshEmail();
    await insert(database.stores, email);
    const refused = Array.from({ length: 20 }, () =>
      database.transact((stores) => insert(stores, email)),
    );
    for (const each of await Promise.allSettled(refused)) {
      expect(each).toMatchObject({ status: 'rejected', reason: expect.any(EmailTaken) });
    }
    expect(await existing([email])).toEqual([email]);
  });

  async function existing(emails: readonly string[]): Promise<readonly string[]> {
    const rows: readonly { email: string }[] = await database.query(
      'SELECT email FROM users WHERE email = ANY($1) ORDER BY email',
      [emails],
    );
    return rows.map(({ email }) => email);
  }
});

async function insert({ accounts }: Pick<Stores, 'accounts'>, email: string): Promise<void> {
  await accounts.insert({
    id: randomUUID(),
    email: { address: email, canonical: email },
    username: null,
    firstName: null,
    lastName: null,
    passwordHash: 'none',
    createdAt: new Date(),
  });
}
