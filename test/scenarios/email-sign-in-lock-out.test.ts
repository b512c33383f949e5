import { LoginDocument } from '../generated/graphql.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { askForMail, otherCode, requestMail, useCode } from '../support/mail-sign-in.ts';
import { goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

describe('EMAIL_SIGN_IN=code, and somebody who uses the day of an address up', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway({ EMAIL_SIGN_IN: 'code', TRUST_PROXY: '127.0.0.1' });
  });
  afterEach(() => gateway.query('DELETE FROM throttles'));
  afterAll(() => gateway.stop());

  const browser = () => createTestClient(gateway.origin);
  const from = (ip: string) => ({ headers: { 'x-forwarded-for': ip } });
  const one = from('198.51.100.1');
  const other = from('198.51.100.2');
  const home = from('192.0.2.1');
  const logIn = (email: string) =>
    browser().send(LoginDocument, { input: { identifier: email, password: goodPassword } }, home);
  /** Wrong codes at the requests of a browser of its own. @returns how they were refused */
  const guess = async (email: string, network: typeof one, mails: number) => {
    const guesser = browser();
    const refusals: string[] = [];
    for (let round = 0; round < mails; round += 1) {
      const mail = await askForMail(gateway, guesser, email, 'COOKIE', network);
      for (let each = 1; each <= 5; each += 1) {
        const code = otherCode(mail.code, each);
        refusals.push(refusalOf(await useCode(guesser, { ...mail, code }, network)));
      }
      // Its owner, on a new device: that ends the wait which is the account's.
      dataOf(await logIn(email));
    }
    return refusals;
  };
  const wrong = (times: number) => Array<string>(times).fill('UNAUTHENTICATED/CODE_INVALID');

  it('from one network, comes to half of the codes: its owner types theirs in a new browser', async () => {
    const { email } = await gateway.settle();
    expect(await guess(email, one, 4)).toEqual([
      ...wrong(15),
      ...Array<string>(5).fill('RATE_LIMITED'),
    ]);
    const client = browser();
    const mail = await askForMail(gateway, client, email, 'COOKIE', home);
    dataOf(await useCode(client, mail, home));
  });

  it('from two, keeps out new browsers, and neither those that signed in before nor the password', async () => {
    const { email, client: known } = await gateway.settle();
    expect(await guess(email, one, 3)).toEqual(wrong(15));
    expect(await guess(email, other, 3)).toEqual(wrong(15));

    const fresh = browser();
    const late = await askForMail(gateway, fresh, email, 'COOKIE', home);
    expect(refusalOf(await useCode(fresh, late, home))).toBe('RATE_LIMITED');

    const mail = await askForMail(gateway, known, email, 'COOKIE', home);
    dataOf(await useCode(known, mail, home));
    dataOf(await logIn(email));
  });

  it('with mails, keeps none from a browser that signed in before; it has five an hour itself', async () => {
    const { email, client: known } = await gateway.settle();
    const { client: knownElsewhere } = await gateway.settle();
    for (const network of [one, other]) {
      for (let round = 0; round < 5; round += 1) {
        dataOf(await requestMail(browser(), email, 'COOKIE', network));
      }
    }
    expect(refusalOf(await requestMail(browser(), email, 'COOKIE', home))).toBe('RATE_LIMITED');
    const foreign = await requestMail(knownElsewhere, email, 'COOKIE', home);
    expect(refusalOf(foreign)).toBe('RATE_LIMITED');
    for (let round = 0; round < 5; round += 1) {
      dataOf(await requestMail(known, email, 'COOKIE', home));
    }
    expect(refusalOf(await requestMail(known, email, 'COOKIE', home))).toBe('RATE_LIMITED');
  });
});
