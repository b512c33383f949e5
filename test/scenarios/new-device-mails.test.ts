import { LoginDocument } from '../generated/graphql.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { waitUntil } from '../support/wait-until.ts';

const newDevice = /^A new device signed in/;
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15';
const advertisement = 'Win a prize at evil.example/1.0 (click now)';

describe.each([
  ['on', true],
  ['off', false],
])('a log-in on a new kind of device, with NEW_DEVICE_MAIL=%s', (switched, isTold) => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway({ NEW_DEVICE_MAIL: switched });
  });
  afterAll(() => gateway.stop());

  const logIn = (identifier: string, userAgent: string, password = goodPassword) =>
    createTestClient(gateway.origin).send(
      LoginDocument,
      { input: { identifier, password } },
      { headers: { 'user-agent': userAgent, 'accept-language': 'en' } },
    );
  const waiting = async (email: string) =>
    (await gateway.query('SELECT FROM mail_outbox WHERE recipient = $1', [email])).length;
  /** Its subjects, when nothing is on its way to it any more. */
  const subjectsTo = async (email: string) => {
    await waitUntil(async () => (await waiting(email)) === 0);
    return gateway.mail.received
      .filter(({ recipients }) => recipients.includes(email))
      .map(({ subject }) => subject ?? '');
  };

  it(isTold ? 'tells the owner of it, once' : 'tells nobody', async () => {
    const { email } = await gateway.settle();
    expect((await subjectsTo(email)).filter((subject) => newDevice.test(subject))).toEqual([]);
    dataOf(await logIn(email, safari));
    dataOf(await logIn(email, safari));
    const told = (await subjectsTo(email)).filter((subject) => newDevice.test(subject));
    expect(told).toHaveLength(isTold ? 1 : 0);
    if (!isTold) return;
    const { text } = await gateway.mail.mailAbout(email, newDevice);
    expect(text).toContain('Device: Safari on macOS');
    expect(text).toContain(`For: ${email}`);
  });

  it('tells nobody of a wrong password, or of an address without an account', async () => {
    const { email } = await gateway.settle();
    const nobody = freshEmail('nobody');
    for (const address of [email, nobody]) {
      expect(refusalOf(await logIn(address, safari, 'not the password'))).toBe(
        'UNAUTHENTICATED/INVALID_CREDENTIALS',
      );
    }
    expect(await subjectsTo(nobody)).toEqual([]);
    expect((await subjectsTo(email)).filter((subject) => newDevice.test(subject))).toEqual([]);
  });

  it('never sends what the device calls itself', async () => {
    const { email } = await gateway.settle();
    dataOf(await logIn(email, advertisement));
    await subjectsTo(email);
    const mails = gateway.mail.received.filter(({ recipients }) => recipients.includes(email));
    expect(mails.length).toBe(isTold ? 2 : 1);
    expect(JSON.stringify(mails)).not.toContain('evil.example');
    if (isTold) expect(mails.at(-1)?.text).toContain('Device: an unknown device');
  });
});
