import {
  ChangePasswordDocument,
  ConfirmEmailChangeDocument,
  LoginDocument,
  MyAccountDocument,
  RefreshDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  UndoEmailChangeDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { type MailGateway, type Resident, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';

const newPassword = 'another horse, other staples';
const confirmMail = /Confirm your new e-mail address/;
const changedMail = /e-mail address at Gatehouse was changed/;
const hour = 3_600_000;

describe('a change of the e-mail address', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway();
  });
  afterAll(() => gateway.stop());

  const stranger = () => createTestClient(gateway.origin);
  /** Somebody whose address is proved. */
  const settle = async () => {
    const resident = await gateway.settle();
    const { token = '' } = await gateway.mail.mailAbout(resident.email, /Confirm/);
    dataOf(await resident.client.send(VerifyEmailDocument, { input: { token } }));
    return resident;
  };
  const request = (who: Resident, newEmail: string, currentPassword = goodPassword) =>
    who.client.send(RequestEmailChangeDocument, { input: { newEmail, currentPassword } }, who);
  const linkFor = async (who: Resident, newEmail: string, password = goodPassword) => {
    dataOf(await request(who, newEmail, password));
    return (await gateway.mail.mailAbout(newEmail, confirmMail)).token ?? '';
  };
  const confirm = (token: string, who?: Resident) =>
    (who?.client ?? stranger()).send(ConfirmEmailChangeDocument, { input: { token } }, who);
  /** Changes the address. @returns the link by which the old one can undo it */
  const move = async (who: Resident, from: string, to: string, password = goodPassword) => {
    dataOf(await confirm(await linkFor(who, to, password), who));
    return (await gateway.mail.mailAbout(from, changedMail)).token ?? '';
  };
  const undo = (token: string) => stranger().send(UndoEmailChangeDocument, { input: { token } });
  const accountOf = async (who: Resident) =>
    dataOf(await who.client.send(MyAccountDocument, {}, who)).me;
  const storedEmail = async (who: Resident) => {
    const { id } = who.session.user;
    const [row] = await gateway.query('SELECT email FROM users WHERE id = $1', [id]);
    return row?.email;
  };
  const logIn = (identifier: string, password = goodPassword) =>
    stranger().send(LoginDocument, { input: { identifier, password } });
  const arrive = async (identifier: string, password = goodPassword): Promise<Resident> => {
    const client = stranger();
    const answer = await client.send(LoginDocument, { input: { identifier, password } });
    const session = dataOf(answer).login;
    return { email: identifier, client, accessToken: session.accessToken, session };
  };
  const changePassword = (who: Resident) =>
    who.client.send(
      ChangePasswordDocument,
      { input: { currentPassword: goodPassword, newPassword } },
      who,
    );

  describe('asked for', () => {
    it('changes nothing before the link in the mail to the new address is used', async () => {
      const ada = await settle();
      const newEmail = freshEmail('lovelace');
      const token = await linkFor(ada, newEmail);
      expect(await accountOf(ada)).toMatchObject({ email: ada.email, emailVerified: true });
      expect(refusalOf(await logIn(newEmail))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');

      dataOf(await confirm(token, ada));
      expect(await accountOf(ada)).toMatchObject({ email: newEmail, emailVerified: true });
      expect(refusalOf(await logIn(ada.email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      dataOf(await logIn(newEmail.toUpperCase()));
    });

    it('needs the password, which can be guessed here no faster than at the log-in', async () => {
      const ada = await settle();
      const newEmail = freshEmail('thief');
      const thief = { ...ada, client: stranger() };
      const outcomes: string[] = [];
      for (let guess = 0; guess < 7; guess += 1) {
        outcomes.push(refusalOf(await request(thief, newEmail, `guess number ${guess}`)));
      }
      expect(outcomes[0]).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      expect(outcomes).toContain('RATE_LIMITED');
      expect(refusalOf(await logIn(ada.email))).toBe('RATE_LIMITED');
      const waiting = await gateway.query('SELECT id FROM mail_outbox WHERE recipient = $1', [
        newEmail,
      ]);
      expect(waiting).toEqual([]);
    });

    it('is for who is signed in, and needs another address than the one that is there', async () => {
      const ada = await settle();
      const nobody = { ...ada, client: stranger(), accessToken: '' };
      expect(refusalOf(await request(nobody, freshEmail()))).toBe('UNAUTHENTICATED/TOKEN_MISSING');
      const same = await request(ada, ada.email.toUpperCase());
      expect(refusalOf(same)).toBe('BAD_USER_INPUT');
      expect(same.errors[0]?.extensions.fields).toEqual([
        expect.objectContaining({ path: 'newEmail', rule: 'UNCHANGED' }),
      ]);
      const none = await request(ada, 'no address');
      expect(none.errors[0]?.extensions.fields).toEqual([
        expect.objectContaining({ path: 'newEmail', rule: 'EMAIL_ADDRESS' }),
      ]);
    });

    it('gets the same answer for an address that is taken, whose holder alone is told', async () => {
      const ada = await settle();
      const grace = await settle();
      const answers = [
        await request(ada, grace.email.toUpperCase()),
        await request(ada, freshEmail('free')),
      ];
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      const told = await gateway.mail.mailAbout(grace.email, /You have an account/);
      expect(told.token).toBeUndefined();
      expect(await accountOf(ada)).toMatchObject({ email: ada.email });
    });

    it('sends a few mails an hour to one address, whoever asks', async () => {
      const newEmail = freshEmail('flooded');
      const outcomes: string[] = [];
      for (const who of await Promise.all([1, 2, 3, 4, 5, 6].map(() => settle()))) {
        const answer = await request(who, newEmail);
        outcomes.push(answer.errors.length > 0 ? refusalOf(answer) : 'sent');
      }
      expect(outcomes).toEqual([...Array(5).fill('sent'), 'RATE_LIMITED']);
    });
  });

  describe('confirmed', () => {
    it('ends every session but the one in which the link was opened', async () => {
      const ada = await settle();
      const other = await arrive(ada.email);
      const newEmail = freshEmail('lovelace');
      const answer = await confirm(await linkFor(ada, newEmail), ada);
      expect(dataOf(answer).confirmEmailChange).toEqual({ revokedCount: 1 });
      const asOther = await other.client.send(MyAccountDocument, {}, other);
      expect(refusalOf(asOther)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      expect(refusalOf(await other.client.send(RefreshDocument, {}))).toBe(
        'UNAUTHENTICATED/SESSION_REVOKED',
      );
      expect(await accountOf(ada)).toMatchObject({ email: newEmail });
      dataOf(await ada.client.send(RefreshDocument, {}));
    });

    it('is for nobody who only owns the address, and may be led into the account of a stranger', async () => {
      const stranger = await settle();
      const owner = freshEmail('owner');
      const token = await linkFor(stranger, owner);
      for (const opener of [undefined, await settle()]) {
        expect(refusalOf(await confirm(token, opener))).toBe(
          'FORBIDDEN/EMAIL_CHANGE_STARTED_ELSEWHERE',
        );
      }
      expect(await storedEmail(stranger)).toBe(stranger.email);
      expect(refusalOf(await logIn(owner))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      // The link is still good for who is signed in to the account, on another device too.
      dataOf(await confirm(token, await arrive(stranger.email)));
      expect(await storedEmail(stranger)).toBe(owner);
    });

    it('ends all of them in the browser that registered, where nobody is signed in', async () => {
      const ada = await settle();
      const token = await linkFor(ada, freshEmail('lovelace'));
      const input = { token };
      const answer = await ada.client.send(ConfirmEmailChangeDocument, { input });
      expect(dataOf(answer).confirmEmailChange.revokedCount).toBe(1);
      const asBefore = await ada.client.send(MyAccountDocument, {}, ada);
      expect(refusalOf(asBefore)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    });

    it('leaves no session alive of those that are refreshed at the same moment', async () => {
      const ada = await settle();
      const token = await linkFor(ada, freshEmail('lovelace'));
      const refresh = () => ada.client.send(RefreshDocument, {});
      const [confirmed, ...refreshed] = await Promise.all([
        ada.client.send(ConfirmEmailChangeDocument, { input: { token } }),
        ...Array.from({ length: 8 }, refresh),
      ]);
      dataOf(confirmed);
      const refused = refreshed.filter(({ errors }) => errors.length > 0);
      for (const answer of [...refused, await ada.client.send(MyAccountDocument, {}, ada)]) {
        expect(refusalOf(answer)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      }
      const alive = await gateway.query(
        'SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL',
        [ada.session.user.id],
      );
      expect(alive).toEqual([]);
    });

    it('takes every link with it that was made for the old address', async () => {
      const ada = await gateway.settle();
      const { token: verification = '' } = await gateway.mail.mailAbout(ada.email, /Confirm/);
      dataOf(await stranger().send(RequestPasswordResetDocument, { input: { email: ada.email } }));
      const { token: reset = '' } = await gateway.mail.mailAbout(ada.email, /Set a new password/);
      const newEmail = freshEmail('lovelace');
      dataOf(await confirm(await linkFor(ada, newEmail), ada));

      const input = { token: reset, newPassword };
      const answers = [
        await stranger().send(ResetPasswordDocument, { input }),
        await stranger().send(VerifyEmailDocument, { input: { token: verification } }),
      ];
      expect(answers.map(refusalOf)).toEqual(Array(2).fill('FORBIDDEN/ONE_TIME_TOKEN_USED'));
      dataOf(await logIn(newEmail));
    });

    it('works once, and no more when the account has come back meanwhile', async () => {
      const ada = await settle();
      const newEmail = freshEmail('slip');
      const token = await linkFor(ada, newEmail);
      dataOf(await confirm(token, ada));
      expect(refusalOf(await confirm(token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
      dataOf(await confirm(await linkFor(ada, ada.email), ada));
      expect(await accountOf(ada)).toMatchObject({ email: ada.email });
      expect(refusalOf(await confirm(token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
      expect(await storedEmail(ada)).toBe(ada.email);
    });

    it('has one winner when a link is used by two at once', async () => {
      const ada = await settle();
      const token = await linkFor(ada, freshEmail('lovelace'));
      const answers = await Promise.all([1, 2, 3].map(() => confirm(token, ada)));
      const refused = answers.filter(({ errors }) => errors.length > 0);
      expect(refused.map(refusalOf)).toEqual(Array(2).fill('FORBIDDEN/ONE_TIME_TOKEN_USED'));
    });

    it('is worthless after a new password, another change, and for a disabled account', async () => {
      const ada = await settle();
      const beforePassword = await linkFor(ada, freshEmail('thief'));
      dataOf(await changePassword(ada));
      expect(refusalOf(await confirm(beforePassword))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');

      const grace = await settle();
      const [first, second] = [freshEmail('first'), freshEmail('second')];
      const older = await linkFor(grace, first);
      dataOf(await confirm(await linkFor(grace, second), grace));
      expect(refusalOf(await confirm(older))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
      expect(await accountOf(grace)).toMatchObject({ email: second });

      const alan = await settle();
      const outlived = await linkFor(alan, freshEmail('turing'));
      await gateway.query('UPDATE users SET disabled_at = now() WHERE id = $1', [
        alan.session.user.id,
      ]);
      expect(refusalOf(await confirm(outlived))).toBe('FORBIDDEN/ONE_TIME_TOKEN_USED');
    });

    it('leaves the address alone with a token that is for something else or an hour old', async () => {
      const ada = await settle();
      const { token: verification = '' } = await gateway.mail.mailAbout(ada.email, /Confirm/);
      const wrongPurpose = 'FORBIDDEN/ONE_TIME_TOKEN_WRONG_PURPOSE';
      const token = await linkFor(ada, freshEmail('lovelace'));
      expect(refusalOf(await confirm(verification))).toBe(wrongPurpose);
      expect(refusalOf(await undo(token))).toBe(wrongPurpose);
      gateway.clock.advance(hour);
      expect(refusalOf(await confirm(token))).toBe('FORBIDDEN/ONE_TIME_TOKEN_EXPIRED');
      expect(await storedEmail(ada)).toBe(ada.email);
    });

    it('gives an address that several want at once to one; the others keep what they have', async () => {
      const rest = freshEmail('');
      const spellings = [`wanted${rest}`, `Wanted${rest}`, `WANTED${rest}`];
      const people = await Promise.all(spellings.map(() => settle()));
      const links: { readonly who: Resident; readonly token: string }[] = [];
      for (const [turn, who] of people.entries()) {
        links.push({ who, token: await linkFor(who, spellings[turn] ?? '') });
      }
      const answers = await Promise.all(links.map(({ who, token }) => confirm(token, who)));
      const losers = people.filter((_, turn) => answers[turn]?.errors.length !== 0);
      expect(losers).toHaveLength(2);
      for (const [turn, who] of people.entries()) {
        if (!losers.includes(who)) continue;
        const answer = answers[turn];
        expect(answer && refusalOf(answer)).toBe('CONFLICT/EMAIL_TAKEN');
        expect(await accountOf(who)).toMatchObject({ email: who.email });
      }
      const [{ count }] = await gateway.query(
        'SELECT count(*)::int FROM users WHERE email_canonical = $1',
        [spellings[0]],
      );
      expect(count).toBe(1);
      const emails = losers.map(({ email }) => email);
      // What is not waiting any more has arrived.
      const waiting = 'SELECT id FROM mail_outbox WHERE recipient = ANY($1) AND template = $2';
      expect(await gateway.query(waiting, [emails, 'email-changed'])).toEqual([]);
      const noticed = gateway.mail.received.filter(({ subject = '' }) => changedMail.test(subject));
      const told = noticed.flatMap(({ recipients }) => recipients);
      expect(told.filter((address) => emails.includes(address))).toEqual([]);
    });
  });

  describe('undone', () => {
    it('brings the old address back, and nobody in who was in before: a new password is set by mail', async () => {
      const ada = await settle();
      const taken = freshEmail('thief');
      const link = await move(ada, ada.email, taken);
      const thief = await arrive(taken);

      expect(dataOf(await undo(link)).undoEmailChange).toEqual({ success: true });
      expect(await storedEmail(ada)).toBe(ada.email);
      for (const who of [ada, thief]) {
        const asBefore = await who.client.send(MyAccountDocument, {}, who);
        expect(refusalOf(asBefore)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
        expect(refusalOf(await who.client.send(RefreshDocument, {}))).toBe(
          'UNAUTHENTICATED/SESSION_REVOKED',
        );
      }
      for (const email of [ada.email, taken]) {
        expect(refusalOf(await logIn(email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      }
      const { token = '' } = await gateway.mail.mailAbout(ada.email, /Set a new password/);
      dataOf(await stranger().send(ResetPasswordDocument, { input: { token, newPassword } }));
      const { user } = dataOf(await logIn(ada.email, newPassword)).login;
      expect(user).toMatchObject({ id: ada.session.user.id, emailVerified: true });
    });

    it('works once, also for two at once, and for 72 hours', async () => {
      const ada = await settle();
      const link = await move(ada, ada.email, freshEmail('thief'));
      const answers = await Promise.all([undo(link), undo(link), undo(link)]);
      const refused = answers.filter(({ errors }) => errors.length > 0);
      expect(refused.map(refusalOf)).toEqual(Array(2).fill('FORBIDDEN/ONE_TIME_TOKEN_USED'));

      const grace = await settle();
      const late = await move(grace, grace.email, freshEmail('hopper'));
      gateway.clock.advance(72 * hour);
      expect(refusalOf(await undo(late))).toBe('FORBIDDEN/ONE_TIME_TOKEN_EXPIRED');
    });

    it('is not prevented by another password, nor by another change, nor by an undo of the thief', async () => {
      const ada = await settle();
      const [second, third] = [freshEmail('second'), freshEmail('third')];
      const ownersLink = await move(ada, ada.email, second);
      dataOf(await changePassword(ada));
      const thiefsLink = await move(ada, second, third, newPassword);
      dataOf(await undo(thiefsLink));
      expect(await storedEmail(ada)).toBe(second);
      dataOf(await undo(ownersLink));
      expect(await storedEmail(ada)).toBe(ada.email);
    });

    it('leaves the thief no link that works: not to undo it, not to change again, not to a password', async () => {
      const ada = await settle();
      const [second, third] = [freshEmail('second'), freshEmail('third')];
      const ownersLink = await move(ada, ada.email, second);
      const undoOfThief = await move(ada, second, third);
      const changeOfThief = await linkFor(ada, freshEmail('fourth'));
      dataOf(await stranger().send(RequestPasswordResetDocument, { input: { email: third } }));
      const { token = '' } = await gateway.mail.mailAbout(third, /Set a new password/);

      dataOf(await undo(ownersLink));
      const answers = [
        await undo(undoOfThief),
        await confirm(changeOfThief),
        await stranger().send(ResetPasswordDocument, { input: { token, newPassword } }),
      ];
      expect(answers.map(refusalOf)).toEqual(Array(3).fill('FORBIDDEN/ONE_TIME_TOKEN_USED'));
      expect(await storedEmail(ada)).toBe(ada.email);
    });

    it('finds the old address free: for so long nobody else may take it', async () => {
      const ada = await settle();
      const link = await move(ada, ada.email, freshEmail('thief'));
      const register = (email: string) =>
        stranger().send(RegisterDocument, { input: { email, password: goodPassword } });
      expect(refusalOf(await register(ada.email.toUpperCase()))).toBe('CONFLICT/EMAIL_TAKEN');
      const grace = await settle();
      const ofGrace = await linkFor(grace, ada.email);
      expect(refusalOf(await confirm(ofGrace, grace))).toBe('CONFLICT/EMAIL_TAKEN');
      dataOf(await undo(link));
      expect(await storedEmail(ada)).toBe(ada.email);

      const alan = await settle();
      await move(alan, alan.email, freshEmail('turing'));
      gateway.clock.advance(72 * hour);
      dataOf(await register(alan.email));
    });

    it('is not offered to an address that was never proved, which is told all the same', async () => {
      const ada = await gateway.settle();
      const newEmail = freshEmail('lovelace');
      dataOf(await confirm(await linkFor(ada, newEmail), ada));
      const told = await gateway.mail.mailAbout(ada.email, changedMail);
      expect(told.token).toBeUndefined();
      expect(told.text).not.toContain('http');
      await gateway.settle(ada.email);
    });
  });

  it('is told in the language of who asks', async () => {
    const ada = await settle();
    const newEmail = freshEmail('lovelace');
    const headers = { 'accept-language': 'de' };
    const input = { newEmail, currentPassword: goodPassword };
    dataOf(await ada.client.send(RequestEmailChangeDocument, { input }, { ...ada, headers }));
    const { token = '', text } = await gateway.mail.mailAbout(
      newEmail,
      /^Bestätigen Sie Ihre neue/,
    );
    expect(text).toContain('/confirm-email-change#token=');
    const confirmation = { input: { token } };
    dataOf(await ada.client.send(ConfirmEmailChangeDocument, confirmation, { ...ada, headers }));
    const told = await gateway.mail.mailAbout(ada.email, /wurde geändert$/);
    expect(told.text).toContain('/undo-email-change#token=');
    expect(told.text).toContain('72 Stunden');
  });

  it('is in the audit trail from the request to the undo, without an address', async () => {
    const ada = await settle();
    const newEmail = freshEmail('thief');
    dataOf(await undo(await move(ada, ada.email, newEmail)));
    const events: { type: string; session_id: string | null; detail: object }[] =
      await gateway.query(
        'SELECT type, session_id, detail FROM audit_events WHERE user_id = $1 ORDER BY id',
        [ada.session.user.id],
      );
    const sessionId = ada.session.session.id;
    const told = events.filter(({ type }) => /^email\.change|session\.revoked/.test(type));
    expect(told).toEqual([
      { type: 'email.change_requested', session_id: sessionId, detail: {} },
      { type: 'email.changed', session_id: sessionId, detail: {} },
      { type: 'email.change_undone', session_id: null, detail: {} },
      {
        type: 'session.revoked',
        session_id: sessionId,
        detail: { reason: 'email_change_undone' },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('@');
  });
});
