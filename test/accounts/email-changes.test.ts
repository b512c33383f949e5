import { v7 as uuidv7 } from 'uuid';
import { type EmailAddress, parseEmailAddress } from '../../src/accounts/email-address.ts';
import { EmailTaken } from '../../src/accounts/errors.ts';
import type { Stores } from '../../src/db/database.ts';
import { untilSomebodyWaits } from '../support/lock-waits.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

const day = 86_400_000;

describe('an address that an account has left', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(clock);
  });
  afterAll(() => database.stop());

  const insert = async (email: EmailAddress) => {
    const id = uuidv7();
    const names = { username: null, firstName: null, lastName: null };
    await database.transact(({ accounts }) =>
      accounts.insert({ ...names, id, email, passwordHash: '!', createdAt: clock.now() }),
    );
    return id;
  };
  const leave = async ({ accounts, emailChanges }: Stores, id: string, from: EmailAddress) => {
    await accounts.lock(id);
    await accounts.update(id, { email: freshAddress() }, clock.now());
    return emailChanges.put(id, from, clock.now());
  };
  const leaveNow = (id: string, from: EmailAddress) =>
    database.transact((stores) => leave(stores, id, from));
  const take = (id: string, email: EmailAddress) =>
    database.transact(({ accounts }) => accounts.update(id, { email }, clock.now()));

  it.each([
    ['registers with', (address: EmailAddress, _id: string) => insert(address)],
    ['changes to', (address: EmailAddress, id: string) => take(id, address)],
  ])('is taken for who %s it while it is being left', async (_name, attempt) => {
    const address = freshAddress();
    const ada = await insert(address);
    const other = await insert(freshAddress());
    let attempted: Promise<unknown> | undefined;
    await database.transact(async (stores) => {
      await leave(stores, ada, address);
      attempted = attempt(address, other).catch((error: unknown) => error);
      await untilSomebodyWaits(database);
    });
    expect(await attempted).toBeInstanceOf(EmailTaken);
  });

  it('is its own to come back to, and free again for all when it was left for three days', async () => {
    const address = freshAddress();
    const ada = await insert(address);
    await leaveNow(ada, address);
    await take(ada, address);

    await leaveNow(ada, address);
    clock.advance(3 * day - 1);
    await expect(insert(address)).rejects.toBeInstanceOf(EmailTaken);
    clock.advance(1);
    await insert(address);
  });

  it('is forgotten with what came after it, and when it can not be come back to any more', async () => {
    const addresses = [freshAddress(), freshAddress(), freshAddress()];
    const ada = await insert(freshAddress());
    const changes = [];
    for (const address of addresses) changes.push(await leaveNow(ada, address));
    const { emailChanges } = database.stores;
    expect(await emailChanges.list(ada)).toEqual(changes);
    await emailChanges.forgetFrom(ada, changes[1]?.id ?? '');
    expect(await emailChanges.list(ada)).toEqual(changes.slice(0, 1));

    clock.advance(3 * day - 1);
    await emailChanges.forgetOutdated(clock.now());
    expect(await emailChanges.list(ada)).toEqual(changes.slice(0, 1));
    clock.advance(1);
    await emailChanges.forgetOutdated(clock.now());
    expect(await emailChanges.list(ada)).toEqual([]);
  });
});

function freshAddress(): EmailAddress {
  const address = parseEmailAddress(freshEmail());
  if (!address) throw new Error('a fresh address is none');
  return address;
}
