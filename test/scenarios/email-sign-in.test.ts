import {
  AuthenticatorsDocument,
  BeginStepUpDocument,
  ChangePasswordDocument,
  DeleteAccountDocument,
  LoginDocument,
  MeDocument,
  RefreshDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { completeSignIn, enrol } from '../support/enrolled-person.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import {
  askForMail,
  otherCode,
  requestMail,
  type SignInMail,
  useCode,
  useLink,
} from '../support/mail-sign-in.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';

let gateway: MailGateway;
beforeAll(async () => {
  gateway = await startMailGateway({
    EMAIL_SIGN_IN: 'link',
    TRUST_PROXY: '127.0.0.1',
    METRICS_PORT: '0',
  });
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(() => gateway.stop());

const browser = () => createTestClient(gateway.origin);
/** A request of another network. */
let networks = 0;
const elsewhere = () => {
  networks += 1;
  return { headers: { 'x-forwarded-for': `192.0.2.${networks % 250}` } };
};
const ask = (client: TestClient, email: string, delivery?: 'COOKIE' | 'BODY') =>
  askForMail(gateway, client, email, delivery, elsewhere());
const refused = async (answer: ReturnType<typeof useCode> | ReturnType<typeof useLink>) =>
  refusalOf(await answer);
const events = async (userId: string): Promise<readonly string[]> => {
  const rows = await gateway.query(
    'SELECT type FROM audit_events WHERE user_id = $1 ORDER BY at, id',
    [userId],
  );
  return rows.map(({ type }: { type: string }) => type);
};
const cookiesOf = (client: TestClient) => [...client.cookies.keys()].sort();
const signedIn = ['gatehouse-device', 'gatehouse-hint', 'gatehouse-mail', 'refreshToken'];

describe('a code', () => {
  it('signs in where it was asked for, and makes an account that has no password', async () => {
    const client = browser();
    const email = freshEmail('grace');
    const { requestId, code, binding, mail } = await ask(client, email);
    expect(binding).toBeNull();
    expect(mail.subject).toBe('Sign in to Gatehouse');
    const answer = dataOf(await useCode(client, { requestId, code })).signInWithEmailCode;
    expect(answer).toMatchObject({ refreshToken: null, user: { email, emailVerified: true } });
    expect(cookiesOf(client)).toEqual(signedIn);
    const { accessToken, user } = answer;
    const { me } = dataOf(await client.send(MeDocument, {}, { accessToken }));
    expect(me?.id).toBe(user.id);
    const { authenticators } = dataOf(
      await client.send(AuthenticatorsDocument, {}, { accessToken }),
    );
    expect(authenticators.hasPassword).toBe(false);
    const { beginStepUp } = dataOf(await client.send(BeginStepUpDocument, {}, { accessToken }));
    expect(beginStepUp.methods).toEqual([]);
    expect(await events(user.id)).toEqual([
      'account.registered',
      'email.verified',
      'session.opened',
    ]);
    // The next one signs in to the same account; and a password can be set without one.
    const newPassword = 'zebra quilts of ivory 9';
    const input = { newPassword };
    dataOf(await client.send(ChangePasswordDocument, { input }, { accessToken }));
    const again = await ask(client, email);
    const second = dataOf(await useCode(client, again)).signInWithEmailCode;
    expect(second.user.id).toBe(user.id);
    dataOf(
      await browser().send(LoginDocument, { input: { identifier: email, password: newPassword } }),
    );
  });

  it('is taken with the spaces of a paste, and in the body with the binding of the body', async () => {
    const client = browser();
    const { requestId, code, binding } = await ask(client, freshEmail(), 'BODY');
    expect(client.cookies.size).toBe(0);
    const spaced = ` ${code.slice(0, 3)} ${code.slice(3)}\n`;
    const answer = await useCode(client, { requestId, code: spaced, binding, delivery: 'BODY' });
    expect(dataOf(answer).signInWithEmailCode.refreshToken).not.toBeNull();
    expect(client.cookies.size).toBe(0);
  });

  it('goes on to work after another was asked for in the same browser', async () => {
    const client = browser();
    const email = freshEmail();
    const first = await ask(client, email);
    await ask(client, email);
    dataOf(await useCode(client, first));
  });
});

describe('the metrics', () => {
  it('count what was asked for, and what became of it', async () => {
    const amounts = async () => {
      const text = await (await fetch(`${gateway.metricsOrigin}/metrics`)).text();
      const lines = text.matchAll(/^gatehouse_email_sign_ins_total\{outcome="(\w+)"\} (\d+)$/gm);
      return new Map([...lines].map(([, outcome = '', count]) => [outcome, Number(count)]));
    };
    const before = await amounts();
    const client = browser();
    const mail = await ask(client, freshEmail());
    await useLink(browser(), { token: mail.token });
    await useCode(client, { ...mail, code: otherCode(mail.code) });
    await useCode(client, mail);
    await useCode(client, mail);
    const after = await amounts();
    const more = ['requested', 'started_elsewhere', 'code_wrong', 'signed_up', 'expired'].map(
      (outcome) => (after.get(outcome) ?? 0) - (before.get(outcome) ?? 0),
    );
    expect(more).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('b1 a link', () => {
  it('spends nothing when it is fetched, by ten GET and ten HEAD, and shows no token to a server', async () => {
    const client = browser();
    const email = freshEmail();
    const { token, mail } = await ask(client, email);
    const link = /http\S+#token=\S+/.exec(mail.text ?? '')?.[0] ?? '';
    const { pathname, search, hash } = new URL(link);
    expect([pathname, search, hash]).toEqual(['/email-sign-in', '', `#token=${token}`]);
    for (let round = 0; round < 10; round += 1) {
      for (const method of ['GET', 'HEAD']) {
        const url = new URL(link);
        await (await fetch(`${gateway.origin}${url.pathname}${url.hash}`, { method })).text();
      }
    }
    dataOf(await useLink(client, { token }));
    const signature = token.split('.').at(-1) ?? '';
    expect(gateway.lines.filter((line) => JSON.stringify(line).includes(signature))).toEqual([]);
  });

  it('leads where LINK_BASE_URL says, whatever host a request names', async () => {
    const client = browser();
    const email = freshEmail();
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    const { mail } = await askForMail(gateway, client, email, 'COOKIE', { headers });
    expect(`${mail.text}${mail.html}`).not.toContain('evil.example');
  });

  it('works once, and at no other moment', async () => {
    const client = browser();
    const email = freshEmail();
    const { token } = await ask(client, email);
    dataOf(await useLink(client, { token }));
    expect(await refused(useLink(client, { token }))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
    expect(await refused(useLink(client, { token: `${token}x` }))).toBe(
      'FORBIDDEN/ONE_TIME_TOKEN_INVALID',
    );
  });
});

describe('b2 in another browser', () => {
  it('the link alone opens nothing, sets no cookie and spends nothing', async () => {
    const client = browser();
    const { token } = await ask(client, freshEmail());
    for (let round = 0; round < 7; round += 1) {
      const scanner = browser();
      expect(await refused(useLink(scanner, { token }))).toBe(
        'FORBIDDEN/SIGN_IN_STARTED_ELSEWHERE',
      );
      expect(scanner.cookies.size).toBe(0);
    }
    dataOf(await useLink(client, { token }));
  });

  it('the link opens with the code of the same mail, and counts a wrong one', async () => {
    const email = freshEmail();
    const { token, code } = await ask(browser(), email);
    const other = browser();
    expect(await refused(useLink(other, { token, code: otherCode(code) }))).toBe(
      'UNAUTHENTICATED/CODE_INVALID',
    );
    dataOf(await useLink(other, { token, code }));
    expect(cookiesOf(other)).toEqual(signedIn.filter((name) => name !== 'gatehouse-mail'));
  });

  it('the code opens nothing, with no binding, another browser’s or a made-up one, and is not tried', async () => {
    const client = browser();
    const { requestId, code } = await ask(client, freshEmail());
    const other = browser();
    await requestMail(other, freshEmail(), 'COOKIE', elsewhere());
    const bindings = [null, '', 'x', 'A'.repeat(43)];
    const tries = bindings.flatMap((binding) =>
      (['COOKIE', 'BODY'] as const).map((delivery) => ({ binding, delivery })),
    );
    for (const each of tries) {
      expect(await refused(useCode(other, { requestId, code, ...each }))).toBe(
        'FORBIDDEN/SIGN_IN_STARTED_ELSEWHERE',
      );
    }
    dataOf(await useCode(client, { requestId, code }));
  });

  it('what came in a cookie opens nothing in the body, nor the other way round', async () => {
    const page = browser();
    const inCookie = await ask(page, freshEmail());
    const binding = page.cookies.get('gatehouse-mail') ?? '';
    const script = { ...inCookie, delivery: 'BODY' as const };
    expect(await refused(useCode(page, { ...script, binding: null }))).toBe(
      'FORBIDDEN/SIGN_IN_STARTED_ELSEWHERE',
    );
    // Somebody else's binding, given to a page to sign its visitor in to their account.
    const own = await ask(browser(), freshEmail(), 'BODY');
    expect(own.binding).not.toBe(binding);
    const planted = { ...own, delivery: 'COOKIE' as const };
    expect(await refused(useCode(page, planted))).toBe('FORBIDDEN/SIGN_IN_STARTED_ELSEWHERE');
    expect(await refused(useLink(page, planted.token ? { token: own.token } : own))).toBe(
      'FORBIDDEN/SIGN_IN_STARTED_ELSEWHERE',
    );
  });

  it('another site’s page neither asks in its visitor’s browser, nor signs them in', async () => {
    const client = browser();
    const { requestId, code, token } = await ask(client, freshEmail());
    const foreign = { headers: { origin: 'https://evil.example' } };
    const other = browser();
    const answers = [
      await requestMail(other, freshEmail(), 'COOKIE', foreign),
      await useCode(client, { requestId, code }, foreign),
      await useLink(client, { token }, foreign),
      await useLink(client, { token, code }, foreign),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(other.cookies.size).toBe(0);
    dataOf(await useCode(client, { requestId, code }));
  });
});

describe('b3 a code', () => {
  it('takes five attempts; after that the request is dead, the right code and the link too', async () => {
    const client = browser();
    const { requestId, code, token } = await ask(client, freshEmail());
    for (let round = 1; round <= 5; round += 1) {
      expect(await refused(useCode(client, { requestId, code: otherCode(code, round) }))).toBe(
        'UNAUTHENTICATED/CODE_INVALID',
      );
    }
    expect(await refused(useCode(client, { requestId, code }))).toBe('FORBIDDEN/CODE_EXPIRED');
    expect(await refused(useLink(client, { token }))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
  });

  it('is looked at five times at the most, of twenty at one moment', async () => {
    const email = freshEmail();
    const client = browser();
    const { requestId, code } = await ask(client, email);
    const guesses = Array.from({ length: 20 }, (_, index) => otherCode(code, index + 1));
    const answers = await Promise.all(
      guesses.map((guess) => useCode(client, { requestId, code: guess })),
    );
    const wrong = answers.map(refusalOf).filter((refusal) => refusal.endsWith('CODE_INVALID'));
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.length).toBeLessThanOrEqual(5);
    const [row] = await gateway.query('SELECT attempts FROM email_sign_ins WHERE id = $1', [
      requestId,
    ]);
    expect(row.attempts).toBe(wrong.length);
  });

  it('lasts ten minutes, and the link as long', async () => {
    const client = browser();
    const late = await ask(client, freshEmail());
    const inTime = await ask(client, freshEmail());
    const linked = await ask(client, freshEmail());
    gateway.clock.advance(599_999);
    dataOf(await useCode(client, inTime));
    gateway.clock.advance(1);
    expect(await refused(useCode(client, late))).toBe('FORBIDDEN/CODE_EXPIRED');
    expect(refusalOf(await useLink(client, linked))).toMatch(/^FORBIDDEN\/ONE_TIME_TOKEN_/);
  });

  it('waits where the last request left off: a new request resets no counter', async () => {
    const email = freshEmail();
    const client = browser();
    const first = await ask(client, email);
    for (let round = 1; round <= 5; round += 1) {
      await useCode(client, { ...first, code: otherCode(first.code, round) });
    }
    const second = await ask(client, email);
    expect(await refused(useCode(client, { ...second, code: otherCode(second.code) }))).toBe(
      'UNAUTHENTICATED/CODE_INVALID',
    );
    expect(await refused(useCode(client, second))).toBe('RATE_LIMITED');
    // What nobody can guess waits for nobody.
    dataOf(await useLink(client, second));
  });

  it('waits together with the passwords of the account', async () => {
    const { email } = await gateway.settle();
    const input = { identifier: email, password: 'not the password' };
    for (let round = 0; round < 6; round += 1) await browser().send(LoginDocument, { input });
    const client = browser();
    const mail = await ask(client, email);
    expect(await refused(useCode(client, mail))).toBe('RATE_LIMITED');
  });

  it('is guessed thirty times a day at the most, whatever its owner does in between', async () => {
    const { email } = await gateway.settle();
    const owner = { input: { identifier: email, password: goodPassword } };
    const guesser = browser();
    let mail: SignInMail | undefined;
    for (let round = 0; round < 6; round += 1) {
      mail = await ask(guesser, email);
      // Half of them from one network, and half from another.
      const from = { headers: { 'x-forwarded-for': `198.51.100.${round % 2}` } };
      for (let guess = 1; guess <= 5; guess += 1) {
        const code = otherCode(mail.code, guess);
        expect(await refused(useCode(guesser, { ...mail, code }, from))).toBe(
          'UNAUTHENTICATED/CODE_INVALID',
        );
      }
      // From a device that is not known yet: that ends the wait of those.
      dataOf(await browser().send(LoginDocument, owner));
    }
    const last = await ask(guesser, email);
    expect(await refused(useCode(guesser, last))).toBe('RATE_LIMITED');
    dataOf(await useLink(guesser, last));
  });

  it('is sent ten times an hour to an address, five times for one network, and keeps no new password away', async () => {
    const email = freshEmail();
    const one = { headers: { 'x-forwarded-for': '198.51.100.1' } };
    const other = { headers: { 'x-forwarded-for': '198.51.100.2' } };
    const third = { headers: { 'x-forwarded-for': '198.51.100.3' } };
    const outcomes: number[] = [];
    for (const [network, times] of [
      [one, 6],
      [other, 6],
      [third, 1],
    ] as const) {
      for (let round = 0; round < times; round += 1) {
        outcomes.push((await requestMail(browser(), email, 'COOKIE', network)).status);
      }
    }
    const five = [200, 200, 200, 200, 200];
    expect(outcomes).toEqual([...five, 429, ...five, 429, 429]);
  });
});

describe('b4 a code', () => {
  it('of one request does not open another', async () => {
    const client = browser();
    const email = freshEmail();
    const first = await ask(client, email);
    const second = await ask(client, email);
    const crossed = { requestId: second.requestId, code: first.code };
    expect(first.code).not.toBe(second.code);
    expect(await refused(useCode(client, crossed))).toBe('UNAUTHENTICATED/CODE_INVALID');
    dataOf(await useCode(client, second));
  });

  it('opens one session, of twenty at one moment, and with the link among them', async () => {
    const { email } = await gateway.settle();
    const client = browser();
    const { requestId, code, token } = await ask(client, email);
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => useCode(client, { requestId, code })),
      ...Array.from({ length: 16 }, () => useLink(client, { token })),
    ]);
    expect(answers.filter(({ data }) => data)).toHaveLength(1);
    const [{ count }] = await gateway.query(
      `SELECT count(*)::int AS count FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE u.email = $1 AND s.amr @> ARRAY['email']`,
      [email],
    );
    expect(count).toBe(1);
  });

  it('makes one account, of two requests at one moment', async () => {
    const email = freshEmail();
    const clients = [browser(), browser()];
    const mails = [await ask(clients[0] as TestClient, email)];
    mails.push(await ask(clients[1] as TestClient, email));
    const answers = await Promise.all(
      mails.map((mail, index) => useCode(clients[index] as TestClient, mail)),
    );
    expect(answers.filter(({ data }) => data)).toHaveLength(1);
    const rows = await gateway.query('SELECT id FROM users WHERE email = $1', [email]);
    expect(rows).toHaveLength(1);
  });
});

describe('b7 a mail', () => {
  it('counts as one factor', async () => {
    const client = browser();
    const mail = await ask(client, freshEmail());
    const { accessToken } = dataOf(await useCode(client, mail)).signInWithEmailCode;
    expect(claimsOf(accessToken)).toMatchObject({ acr: 'aal1', amr: ['email'] });
  });

  it.each(['code', 'link'] as const)(
    'a5 opens nothing of an account with a second factor by its %s, which it begins, and which is told',
    async (way) => {
      const person = await enrol(gateway);
      await gateway.query('UPDATE users SET email_verified_at = $1 WHERE id = $2', [
        gateway.clock.now(),
        person.id,
      ]);
      const client = browser();
      const mail = await ask(client, person.email);
      const answer = await (way === 'code' ? useCode(client, mail) : useLink(client, mail));
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
      expect(cookiesOf(client)).toEqual(['gatehouse-mail', 'gatehouse-sign-in']);
      expect(await events(person.id)).toContain('login.second_factor_required');
      const totpCode = codeAt(person.secret, gateway.clock.now());
      const done = await completeSignIn(client, { totpCode, delivery: 'COOKIE' });
      const claims = claimsOf(dataOf(done).completeSignIn.accessToken);
      expect(claims).toMatchObject({ acr: 'aal2', amr: ['email', 'otp', 'mfa'] });
      // It is used, whatever came of the second half.
      expect(await refused(useCode(client, mail))).toBe('FORBIDDEN/CODE_EXPIRED');
      gateway.clock.advance(30_000);
    },
  );

  it('forgives no wrong code of the second factor that comes after it', async () => {
    const person = await enrol(gateway);
    await gateway.query('UPDATE users SET email_verified_at = $1 WHERE id = $2', [
      gateway.clock.now(),
      person.id,
    ]);
    for (let round = 0; round < 3; round += 1) {
      const client = browser();
      await useCode(client, await ask(client, person.email));
      for (const totpCode of ['000000', '000001']) {
        await completeSignIn(client, { totpCode, delivery: 'COOKIE' });
      }
    }
    const client = browser();
    const mail = await ask(client, person.email);
    expect(await refused(useCode(client, mail))).toBe('RATE_LIMITED');
  });
});

describe('what a mail says is worth nothing', () => {
  const proved = async () => {
    const person = await gateway.settle();
    const id = person.session.user.id;
    await gateway.query('UPDATE users SET email_verified_at = $1 WHERE id = $2', [
      gateway.clock.now(),
      id,
    ]);
    return { ...person, id };
  };
  const useless = async (client: TestClient, mail: SignInMail) => [
    await refused(useCode(client, mail)),
    await refused(useLink(client, mail)),
  ];
  const spent = ['UNAUTHENTICATED/CODE_INVALID', 'FORBIDDEN/ONE_TIME_TOKEN_USED'];

  it('after the password was changed', async () => {
    const person = await proved();
    const client = browser();
    const mail = await ask(client, person.email);
    const input = { currentPassword: goodPassword, newPassword: 'zebra quilts of ivory 9' };
    dataOf(await person.client.send(ChangePasswordDocument, { input }, person));
    expect(await useless(client, mail)).toEqual(spent);
  });

  it('after the account was disabled, which nobody is told, nor sent a mail about', async () => {
    const person = await proved();
    const client = browser();
    const mail = await ask(client, person.email);
    const disable = 'UPDATE users SET disabled_at = $1 WHERE id = $2';
    await gateway.query(disable, [gateway.clock.now(), person.id]);
    expect(await useless(client, mail)).toEqual(spent);
    const count = gateway.mail.received.length;
    dataOf(await requestMail(client, person.email, 'COOKIE', elsewhere()));
    // Whoever asks next is served after it.
    await ask(browser(), freshEmail());
    expect(gateway.mail.received).toHaveLength(count + 1);
  });

  it('after the account was deleted, and its address makes no new one by it', async () => {
    const person = await proved();
    const client = browser();
    const mail = await ask(client, person.email);
    const input = { currentPassword: goodPassword };
    dataOf(await person.client.send(DeleteAccountDocument, { input }, person));
    const kept = 'SELECT id FROM email_sign_ins WHERE email = $1';
    expect(await gateway.query(kept, [person.email])).toEqual([]);
    expect(await useless(client, mail)).toEqual([
      'FORBIDDEN/CODE_EXPIRED',
      'FORBIDDEN/ONE_TIME_TOKEN_USED',
    ]);
    expect(await gateway.query('SELECT id FROM users WHERE email = $1', [person.email])).toEqual(
      [],
    );
  });

  it('after somebody registered the address meanwhile', async () => {
    const email = freshEmail();
    const client = browser();
    const mail = await ask(client, email);
    const stranger = await gateway.settle(email);
    expect(await useless(client, mail)).toEqual(spent);
    // The next mail is of that account, and takes it over (b6).
    dataOf(await useCode(client, await ask(client, email)));
    expect(refusalOf(await stranger.client.send(RefreshDocument, {}))).toBe(
      'UNAUTHENTICATED/SESSION_REVOKED',
    );
  });
});
