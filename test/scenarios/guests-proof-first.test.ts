import { VerifyUserEmailDocument } from '../generated/administration/graphql.ts';
import {
  BeginPasskeySetupDocument,
  DeleteAccountDocument,
  ExportMyDataDocument,
  LoginDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { arrive, refreshWith, type TestGuest } from '../support/guests.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { askForMail, requestMail, useCode } from '../support/mail-sign-in.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import {
  createTestClient,
  dataOf,
  refusalOf,
  type TestAnswer,
  type TestClient,
} from '../support/test-client.ts';

/** Where nobody signs in before the address is proved, and nothing tells who has an account. */
let gateway: MailGateway;
beforeAll(async () => {
  gateway = await startMailGateway({
    GUESTS: 'on',
    REQUIRE_VERIFIED_EMAIL: 'login',
    EMAIL_SIGN_IN: 'link',
  });
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(() => gateway.stop());

const stranger = () => createTestClient(gateway.origin);
const unproved = 'FORBIDDEN/EMAIL_NOT_VERIFIED';

const ask = (guest: TestGuest, email: string, delivery: 'COOKIE' | 'BODY' = 'COOKIE') => {
  const input = { email, password: goodPassword, firstName: 'Ada', delivery };
  return guest.client.send(RegisterDocument, { input }, guest);
};
const linkTo = async (email: string, subject = /Confirm your e-mail/) =>
  (await gateway.mail.mailAbout(email, subject)).token ?? '';
const logIn = (email: string, password = goodPassword) =>
  stranger().send(LoginDocument, {
    input: { identifier: email, password, delivery: 'BODY' as const },
  });
/** As the guest who goes on by it. */
const logInAs = async (guest: TestGuest, email: string, password = goodPassword) => {
  const input = { identifier: email, password, delivery: 'COOKIE' as const };
  return dataOf(await guest.client.send(LoginDocument, { input }, guest)).login;
};
const verify = async (client: TestClient, email: string) => {
  const input = { token: await linkTo(email) };
  return dataOf(await client.send(VerifyEmailDocument, { input })).verifyEmail.setPasswordToken;
};
const accountWith = async (email: string) => {
  const found = "SELECT user_id FROM identifiers WHERE kind = 'email' AND value = $1";
  const [row] = await gateway.query<{ user_id: string }[]>(found, [email]);
  return row?.user_id;
};
const rolesOf = async (guest: TestGuest) => {
  const { refreshToken } = dataOf(await refreshWith(gateway, guest.refreshToken));
  return refreshToken.user.roles;
};
/** Somebody with a proved address. */
const settle = async () => {
  const email = freshEmail();
  const client = stranger();
  await client.send(RegisterDocument, { input: { email, password: goodPassword } });
  dataOf(await client.send(VerifyEmailDocument, { input: { token: await linkTo(email) } }));
  return email;
};
/** Everything that a guest is told of what they are. */
const selfOf = async (guest: TestGuest) => {
  const { me } = dataOf(await guest.client.send(MeDocument, {}, guest));
  const { exportMyData } = dataOf(await guest.client.send(ExportMyDataDocument, {}, guest));
  const { account, auditEvents } = exportMyData.data as {
    account: Record<string, unknown>;
    auditEvents: readonly { type: string; detail: unknown }[];
  };
  const events = auditEvents.map(({ type, detail }) => ({ type, detail }));
  return { me: { ...me, id: '' }, account: { ...account, id: '' }, events };
};
/** Of what is kept of a guest, how much there is. */
const keptOf = async (guest: TestGuest) => {
  const { exportMyData } = dataOf(await guest.client.send(ExportMyDataDocument, {}, guest));
  const { emailSignIns, auditEvents, ...others } = exportMyData.data as {
    emailSignIns: unknown;
    auditEvents: readonly { type: string }[];
  };
  return { emailSignIns, events: auditEvents.map(({ type }) => type), names: Object.keys(others) };
};
const shapeOf = ({ status, text }: TestAnswer<unknown>) => ({ status, text });

describe('h3 a guest who registers where addresses are proved first', () => {
  it('learns by the link of an address of their own nothing of another that they ask for after it', async () => {
    const kept = [freshEmail(), await settle()].map(async (other) => {
      const guest = await arrive(gateway, 'COOKIE');
      const own = freshEmail();
      await ask(guest, own);
      await ask(guest, other);
      return (await verify(guest.client, own)) === null;
    });
    // The browser remembers what it has asked for last.
    expect(await Promise.all(kept)).toEqual([false, false]);
  });

  it('nor by leaving, which takes nothing of what they have asked for along', async () => {
    for (const email of [freshEmail(), await settle()]) {
      const guest = await arrive(gateway);
      const password = 'a password of the guest';
      const input = { email, password };
      await guest.client.send(RegisterDocument, { input }, guest);
      dataOf(await guest.client.send(DeleteAccountDocument, { input: {} }, guest));
      expect(refusalOf(await logIn(email, password))).toBe(unproved);
    }
  });

  it('is told the same of an address that is free, and of one that is taken', async () => {
    const taken = await settle();
    const [one, other] = [await arrive(gateway), await arrive(gateway)];
    const answers = [await ask(one, freshEmail()), await ask(other, taken)];
    expect(answers.map(refusalOf)).toEqual([unproved, unproved]);
    expect(shapeOf(answers[0] as never)).toEqual(shapeOf(answers[1] as never));
    expect(await selfOf(one)).toEqual(await selfOf(other));
    const { me, account, events } = await selfOf(one);
    expect(me).toMatchObject({ email: null, firstName: null, roles: ['guest'] });
    expect(account).toMatchObject({ email: null, firstName: null, emailVerifiedAt: null });
    expect(events.map(({ type }) => type)).toContain('guest.registration_begun');
    await gateway.mail.mailAbout(taken, /You have an account/);
  });

  it('nor learns it by what is tried with the address afterwards', async () => {
    const [free, taken] = [freshEmail(), await settle()];
    const [one, other] = [await arrive(gateway), await arrive(gateway)];
    await ask(one, free);
    await ask(other, taken);
    for (const email of [free, taken]) {
      const refusal = refusalOf(await logIn(email, 'not the password'));
      expect(refusal).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      dataOf(await requestMail(stranger(), email));
    }
    expect(await keptOf(one)).toEqual(await keptOf(other));
  });

  it('goes on being a guest until they sign in with the proved address, and is the account then', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    expect(refusalOf(await ask(guest, email))).toBe(unproved);
    expect(refusalOf(await logIn(email))).toBe(unproved);
    expect(await verify(guest.client, email)).toBeNull();
    const { refreshToken: still } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(still.user).toMatchObject({ id: guest.id, email: null, roles: ['guest'] });

    const entered = await logInAs({ ...guest, accessToken: still.accessToken }, email);
    expect(entered.user).toMatchObject({ id: guest.id, email, roles: ['user'] });
    expect(entered.supersededGuestId).toBeNull();
    // h1: the token that says guest has ended, and the session goes on.
    const before = await guest.client.send(MeDocument, {}, still);
    expect(refusalOf(before)).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
    const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(claimsOf(refreshToken.accessToken)).toMatchObject({
      ...{ sub: guest.id, sid: guest.sessionId },
      ...{ acr: 'aal1', amr: ['pwd'] },
    });
    expect(dataOf(await logIn(email)).login.user.id).toBe(guest.id);
    expect(await accountWith(email)).toBe(guest.id);
  });

  it('is the account also where they prove the address on another device, and choose a password there', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    await ask(guest, email);
    const token = (await verify(stranger(), email)) ?? '';
    const newPassword = 'zebra quilts of ivory 9';
    dataOf(await stranger().send(ResetPasswordDocument, { input: { token, newPassword } }));
    expect((await logInAs(guest, email, newPassword)).user.id).toBe(guest.id);
  });

  it('is another than the account where somebody was signed in to that before', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    await ask(guest, email);
    await verify(guest.client, email);
    const { user } = dataOf(await logIn(email)).login;
    const entered = await logInAs(guest, email);
    expect(entered.user.id).toBe(user.id);
    expect(entered.supersededGuestId).toBe(guest.id);
  });

  it('is so where an administrator has given the account a role, or taken one, or a week has passed', async () => {
    const changes = [
      "INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')",
      'DELETE FROM user_roles WHERE user_id = $1',
      "UPDATE users SET created_at = now() - interval '8 days' WHERE id = $1",
    ];
    for (const change of changes) {
      const guest = await arrive(gateway, 'COOKIE');
      const email = freshEmail();
      await ask(guest, email);
      await verify(guest.client, email);
      await gateway.query(change, [await accountWith(email)]);
      expect((await logInAs(guest, email)).supersededGuestId).toBe(guest.id);
    }
  });

  it('is asked of nobody else: another guest who signs in there is superseded', async () => {
    const [guest, other] = [await arrive(gateway, 'COOKIE'), await arrive(gateway, 'COOKIE')];
    const email = freshEmail();
    await ask(guest, email);
    await verify(guest.client, email);
    expect((await logInAs(other, email)).supersededGuestId).toBe(other.id);
    expect((await logInAs(guest, email)).supersededGuestId).toBe(guest.id);
  });

  it.each(['a password', 'a code'])(
    'is the account too where a stranger has asked for it first, and they prove it by %s',
    async (way) => {
      const email = freshEmail();
      const input = { email, password: 'the stranger has chosen this' };
      await stranger().send(RegisterDocument, { input });
      const guest = await arrive(gateway, 'COOKIE');
      await ask(guest, email);
      if (way === 'a code') {
        const asked = await askForMail(gateway, guest.client, email);
        const { user } = dataOf(await useCode(guest.client, asked, guest)).signInWithEmailCode;
        expect(user.id).toBe(guest.id);
        return;
      }
      const token = (await verify(guest.client, email)) ?? '';
      const newPassword = 'zebra quilts of ivory 9';
      dataOf(await stranger().send(ResetPasswordDocument, { input: { token, newPassword } }));
      expect((await logInAs(guest, email, newPassword)).user.id).toBe(guest.id);
    },
  );

  it('is told by a token that has ended, and not signed in to the account without what they have', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    await ask(guest, email);
    await verify(guest.client, email);
    gateway.clock.advance(16 * 60_000);
    const input = { identifier: email, password: goodPassword };
    const late = await guest.client.send(LoginDocument, { input }, guest);
    expect(refusalOf(late)).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
    const { accessToken } = dataOf(await guest.client.send(RefreshDocument, {})).refreshToken;
    expect((await logInAs({ ...guest, accessToken }, email)).user.id).toBe(guest.id);
  });

  it('leaves a trail from the account that was registered', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    await ask(guest, email);
    await verify(guest.client, email);
    const account = await accountWith(email);
    await logInAs(guest, email);
    const events = `SELECT user_id, type, detail FROM audit_events
                    WHERE user_id IN ($1, $2) AND type IN ('account.deleted', 'guest.upgraded') ORDER BY type`;
    expect(await gateway.query(events, [account, guest.id])).toEqual([
      {
        user_id: account,
        type: 'account.deleted',
        detail: { reason: 'guest_upgraded', guest: guest.id },
      },
      { user_id: guest.id, type: 'guest.upgraded', detail: { by: 'registration', account } },
    ]);
  });

  it('signs in twice at once, and there is one account', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    await ask(guest, email);
    await verify(guest.client, email);
    const input = { identifier: email, password: goodPassword };
    const answers = await Promise.all(
      [1, 2].map(() => guest.client.send(LoginDocument, { input }, guest)),
    );
    for (const { data } of answers) {
      if (data) expect(data.login.user.id).toBe(guest.id);
    }
    expect(answers.some(({ data }) => data)).toBe(true);
    expect(await accountWith(email)).toBe(guest.id);
  });

  it.each(['the link', 'a reset of the password', 'a code'])(
    'has no part in the account whose address its owner proves by %s',
    async (way) => {
      const guest = await arrive(gateway);
      const email = freshEmail();
      expect(refusalOf(await ask(guest, email, 'BODY'))).toBe(unproved);
      const owner = stranger();
      const newPassword = 'zebra quilts of ivory 9';
      if (way === 'a code') {
        dataOf(await useCode(owner, await askForMail(gateway, owner, email)));
      } else {
        if (way === 'a reset of the password') {
          dataOf(await owner.send(RequestPasswordResetDocument, { input: { email } }));
        }
        const token =
          way === 'the link'
            ? ((await verify(owner, email)) ?? '')
            : await linkTo(email, /Set a new password/);
        dataOf(await owner.send(ResetPasswordDocument, { input: { token, newPassword } }));
        expect(dataOf(await logIn(email, newPassword)).login.user.id).not.toBe(guest.id);
      }
      expect(await accountWith(email)).not.toBe(guest.id);
      expect(refusalOf(await logIn(email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
      expect(await rolesOf(guest)).toEqual(['guest']);
    },
  );

  it('who asks for the address of somebody else again and again leaves the owner’s link good', async () => {
    const guest = await arrive(gateway);
    const email = freshEmail();
    await ask(guest, email, 'BODY');
    const token = await linkTo(email);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      expect(refusalOf(await ask(guest, email, 'BODY'))).toBe(unproved);
    }
    const proved = await stranger().send(VerifyEmailDocument, { input: { token } });
    expect(dataOf(proved).verifyEmail.setPasswordToken).not.toBeNull();
  });

  it('may have mistyped it, and whoever has that address proves an account of their own', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const [slip, email] = [freshEmail('slip'), freshEmail()];
    await ask(guest, slip);
    await ask(guest, email);
    expect(await verify(guest.client, email)).toBeNull();
    expect((await logInAs(guest, email)).user.id).toBe(guest.id);
    expect(await verify(stranger(), slip)).not.toBeNull();
    expect(await accountWith(slip)).not.toBe(guest.id);
  });

  it('becomes no account by a passkey, which has no address', async () => {
    const guest = await arrive(gateway);
    const answer = await guest.client.send(BeginPasskeySetupDocument, {}, guest);
    expect(refusalOf(answer)).toBe('FORBIDDEN/ACCOUNT_REQUIRED');
  });

  it('leaves, and nobody is mailed of it', async () => {
    const guest = await arrive(gateway);
    const email = freshEmail();
    await ask(guest, email, 'BODY');
    await linkTo(email);
    dataOf(await guest.client.send(DeleteAccountDocument, { input: {} }, guest));
    const left = "SELECT template FROM mail_outbox WHERE template = 'account-deleted'";
    expect(await gateway.query(left)).toEqual([]);
  });

  it('is the account too where an administrator takes the address as proved', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    await ask(guest, email);
    const administrator = await settle();
    await gateway.query("INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')", [
      await accountWith(administrator),
    ]);
    const { accessToken } = dataOf(await logIn(administrator)).login;
    const input = { userId: (await accountWith(email)) ?? '', reason: 'they called' };
    const client = createTestClient(gateway.origin, '/admin/graphql');
    dataOf(await client.send(VerifyUserEmailDocument, { input }, { accessToken }));
    expect((await logInAs(guest, email)).user).toMatchObject({ id: guest.id, roles: ['user'] });
  });
});

describe('h1 a code of a mail, which proves the address', () => {
  it('keeps the password that they have registered with before, where that waits for the proof', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    const input = { email, password: goodPassword };
    await guest.client.send(RegisterDocument, { input }, guest);
    const answer = dataOf(
      await useCode(guest.client, await askForMail(gateway, guest.client, email), guest),
    ).signInWithEmailCode;
    expect(answer.user).toMatchObject({ id: guest.id, email });
    const login = { input: { identifier: email, password: goodPassword } };
    const { login: opened } = dataOf(await stranger().send(LoginDocument, login));
    expect(opened.user.id).toBe(guest.id);
  });

  it('makes the guest the account who has asked for it elsewhere, without the password', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    await stranger().send(RegisterDocument, { input: { email, password: goodPassword } }, guest);
    const asked = await askForMail(gateway, guest.client, email);
    const { user } = dataOf(await useCode(guest.client, asked, guest)).signInWithEmailCode;
    expect(user).toMatchObject({ id: guest.id, email });
    expect(refusalOf(await logIn(email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
  });
});

describe('the link that has proved an address', () => {
  const prove = async () => {
    const email = freshEmail();
    await stranger().send(RegisterDocument, { input: { email, password: goodPassword } });
    const input = { token: await linkTo(email) };
    const again = async () =>
      dataOf(await stranger().send(VerifyEmailDocument, { input })).verifyEmail.setPasswordToken;
    expect(await again()).not.toBeNull();
    return { email, again };
  };

  it('lets a password be set once more for ten minutes, and not later', async () => {
    const { again } = await prove();
    gateway.clock.advance(9 * 60_000);
    expect(await again()).not.toBeNull();
    gateway.clock.advance(2 * 60_000);
    expect(await again()).toBeNull();
  });

  it('lets none be set where a passkey opens the account by now', async () => {
    const { email, again } = await prove();
    await gateway.query(
      `INSERT INTO passkeys (user_id, id, credential_id, public_key, counter, transports, aaguid,
                             is_synced, is_backed_up, rp_id, user_handle, name, created_at)
       VALUES ($1, gen_random_uuid(), $2, '', 0, '{}', gen_random_uuid(), true, true, 'x', 'x', 'x', now())`,
      [await accountWith(email), email],
    );
    expect(await again()).toBeNull();
  });
});
