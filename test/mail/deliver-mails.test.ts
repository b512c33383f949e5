import { createDeliverMails } from '../../src/mail/deliver-mails.ts';
import { MailFailure, type OutgoingMail } from '../../src/mail/mail-transport.ts';
import { createRenderMail } from '../../src/mail/render-mail.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClock } from '../support/test-clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';

const minute = 60_000;
const mail = {
  template: 'account-deleted',
  locale: 'en',
  userId: null,
  preparedToken: null,
  userAgent: null,
} as const;
const render = createRenderMail(undefined);

describe('the delivery of mails', () => {
  const clock = createTestClock();
  let database: TestDatabase;
  let sent: OutgoingMail[];
  let transportFails: MailFailure | undefined;
  let abandoned: string[];
  let recipient: string;

  beforeAll(async () => {
    database = await openTestDatabase(clock);
    await database.query('DELETE FROM mail_outbox');
  });
  beforeEach(() => {
    sent = [];
    abandoned = [];
    transportFails = undefined;
    recipient = freshEmail();
  });
  afterEach(() => database.query('DELETE FROM mail_outbox'));
  afterAll(() => database.stop());

  const createDelivery = (dies = false) => {
    const { outbox } = database.stores;
    return createDeliverMails({
      outbox: dies ? { ...outbox, remove: () => Promise.reject(new Error('killed')) } : outbox,
      now: clock.now,
      complete: async ({ template, recipient: to, queuedAt }) => ({
        template,
        recipient: to,
        facts: {
          product: 'Gatehouse',
          logo: '',
          link: '',
          code: '',
          lifetime: 3_600,
          recipient: to,
          at: queuedAt,
          device: undefined,
        },
      }),
      render: async (...mail) => render(...mail),
      transport: {
        async send(mail) {
          if (transportFails) throw transportFails;
          sent.push(mail);
        },
        close: () => {},
      },
      onFailed: () => {},
      onAbandoned: async ({ attempts }, why) => {
        abandoned.push(`${why} after ${attempts}`);
      },
    });
  };
  const put = () => database.stores.outbox.put({ ...mail, recipient }, clock.now());
  const waiting = async () =>
    Number((await database.query('SELECT count(*) FROM mail_outbox'))[0].count);

  it('sends a mail once and forgets it', async () => {
    await put();
    const deliver = createDelivery();
    expect(await deliver()).toBe(1);
    expect(await deliver()).toBe(0);
    expect(sent).toEqual([expect.objectContaining({ to: recipient })]);
    expect(await waiting()).toBe(0);
  });

  it('shares the mails among processes that look at once', async () => {
    for (let count = 0; count < 12; count += 1) await put();
    const deliveries = [createDelivery(), createDelivery(), createDelivery()];
    await Promise.all(deliveries.map((deliver) => deliver()));
    await deliveries[0]?.();
    expect(sent).toHaveLength(12);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(12);
  });

  it('repeats a delivery after a kill, under the same id, not before the lease is over', async () => {
    await put();
    await expect(createDelivery(true)()).rejects.toThrow('killed');
    const deliver = createDelivery();
    clock.advance(2 * minute - 1);
    expect(await deliver()).toBe(0);
    clock.advance(1);
    expect(await deliver()).toBe(1);
    const [first, second, ...others] = sent;
    expect(second?.id).toBe(first?.id);
    expect(others).toEqual([]);
  });

  it('waits longer after each failure, and delivers when the server is back', async () => {
    await put();
    const deliver = createDelivery();
    transportFails = new MailFailure('ECONNREFUSED', false);
    for (const wait of [10_000, 40_000, 160_000]) {
      expect(await deliver()).toBe(1);
      clock.advance(wait - 1);
      expect(await deliver()).toBe(0);
      clock.advance(1);
    }
    transportFails = undefined;
    expect(await deliver()).toBe(1);
    expect(sent).toHaveLength(1);
    expect(abandoned).toEqual([]);
  });

  it('gives up after ten attempts, and at once when the server says never', async () => {
    await put();
    const deliver = createDelivery();
    transportFails = new MailFailure('ECONNREFUSED', false);
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      expect(await deliver()).toBe(1);
      clock.advance(60 * minute);
    }
    transportFails = new MailFailure('EENVELOPE 550', true);
    await put();
    expect(await deliver()).toBe(1);
    expect(abandoned).toEqual(['ECONNREFUSED after 10', 'EENVELOPE 550 after 1']);
    expect(await waiting()).toBe(0);
    expect(sent).toEqual([]);
  });

  it('takes nothing that a rolled back transaction told', async () => {
    const failing = database.transact(async ({ outbox }) => {
      await outbox.put({ ...mail, recipient }, clock.now());
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await createDelivery()()).toBe(0);
  });
});
