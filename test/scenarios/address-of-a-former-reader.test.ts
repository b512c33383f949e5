import { createHash, randomBytes } from 'node:crypto';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  SendVerificationDocument,
  type UserInput,
  VerifyUserEmailDocument,
} from '../generated/administration/graphql.ts';
import {
  LoginDocument,
  MeDocument,
  MyAccountDocument,
  RefreshDocument,
  RequestPasswordResetDocument,
  ResendVerificationEmailDocument,
  ResetPasswordDocument,
  SignInWithIdTokenDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { arrive } from '../support/guests.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { askForMail, useCode } from '../support/mail-sign-in.ts';
import { freshEmail } from '../support/people.ts';
import { personAt as personAtAny, type RecordedName } from '../support/people-at-providers.ts';
import { startWithProviders } from '../support/provider-gateway.ts';
import { type RecordedProviders, startRecordedProviders } from '../support/recorded-providers.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';

const clientId = 'the-client';
const ownPassword = 'the owner has chosen this one';
const unproved = 'FORBIDDEN/EMAIL_NOT_VERIFIED';

/**
 * Providers that call an address verified which they do not give out: somebody could read its mail once. Who
 * can today is shown by a mail, as of somebody who registers with a password.
 */
describe.each(['never', 'login', 'sensitive'])('with REQUIRE_VERIFIED_EMAIL=%s', (required) => {
  let recorded: RecordedProviders;
  let gateway: MailGateway;
  beforeAll(async () => {
    recorded = await startRecordedProviders(clientId);
    const known = { clientId, clientSecret: 'env:CLIENT_SECRET' };
    gateway = await startWithProviders(
      (env, clock) => startMailGateway(env, clock, { providers: recorded.dispatcher }),
      [
        { preset: 'google', ...known },
        { preset: 'github', ...known },
        { preset: 'microsoft', tenant: 'common', ...known },
      ],
      {
        CLIENT_SECRET: 'a secret',
        REQUIRE_VERIFIED_EMAIL: required,
        GUESTS: 'on',
        EMAIL_SIGN_IN: 'link',
      },
    );
  });
  afterEach(() => gateway.query('DELETE FROM throttles'));
  afterAll(async () => {
    await gateway.stop();
    await recorded.stop();
  });

  const browser = () => createTestClient(gateway.origin);
  const personAt = (name: RecordedName, email: string) =>
    personAtAny(gateway, recorded, name, email);
  const accountWith = async (email: string) => {
    const found = 'SELECT id, email_verified_at FROM users WHERE email = $1';
    const [row] = await gateway.query<{ id: string; email_verified_at: Date | null }[]>(found, [
      email,
    ]);
    return row;
  };
  const linkTo = async (email: string) =>
    (await gateway.mail.mailAbout(email, /Confirm your e-mail/)).token ?? '';
  const verify = async (client: TestClient, email: string, accessToken?: string) => {
    const input = { token: await linkTo(email) };
    const options = accessToken === undefined ? {} : { accessToken };
    return dataOf(await client.send(VerifyEmailDocument, { input }, options)).verifyEmail;
  };
  const setPassword = async (token: string) =>
    dataOf(
      await browser().send(ResetPasswordDocument, { input: { token, newPassword: ownPassword } }),
    );
  const logIn = async (identifier: string) => {
    const input = { identifier, password: ownPassword };
    return dataOf(await browser().send(LoginDocument, { input })).login.user;
  };
  /** Where nobody signs in before the proof, the first time is refused. @returns the access token */
  const makeAccount = async (
    enter: ReturnType<typeof personAt>,
    client: TestClient,
  ): Promise<string | undefined> => {
    const entered = await enter(client);
    if (required === 'login') {
      expect(refusalOf(entered)).toBe(unproved);
      return undefined;
    }
    return dataOf(entered).completeProviderSignIn.accessToken;
  };

  /** What an administrator does, who has come by mail. */
  const administer = async <Data>(
    document: TypedDocumentNode<Data, { input: UserInput }>,
    userId: string,
  ) => {
    const email = freshEmail('admin');
    const enter = async () => {
      const client = browser();
      const asked = await askForMail(gateway, client, email);
      return dataOf(await useCode(client, asked)).signInWithEmailCode;
    };
    const { user } = await enter();
    await gateway.query("INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')", [user.id]);
    const { accessToken } = await enter();
    const input = { userId, reason: 'ticket 1: called back' };
    const client = createTestClient(gateway.origin, '/admin/graphql');
    const answer = await client.send(document, { input }, { accessToken });
    expect(answer.errors).toEqual([]);
  };

  describe.each<RecordedName>(['github', 'google', 'microsoft'])(
    'an address that %s does not give out',
    (name) => {
      it('makes an account whose address waits for a mail', async () => {
        const email = freshEmail('former');
        const entered = await personAt(name, email)();
        if (required === 'login') expect(refusalOf(entered)).toBe(unproved);
        else expect(dataOf(entered).completeProviderSignIn.user.emailVerified).toBe(false);
        expect(await linkTo(email)).not.toBe('');
        expect(await accountWith(email)).toMatchObject({ email_verified_at: null });
      });

      it.each(['a link that proves it', 'a code', 'a new password'])(
        'leaves whoever made the account outside when the owner comes by %s',
        async (way) => {
          const email = freshEmail('former');
          const enter = personAt(name, email);
          const attacker = browser();
          await makeAccount(enter, attacker);
          const made = await accountWith(email);
          const owner = browser();
          if (way === 'a code') {
            const asked = await askForMail(gateway, owner, email);
            const { user } = dataOf(await useCode(owner, asked)).signInWithEmailCode;
            expect(user.id).toBe(made?.id);
          } else if (way === 'a new password') {
            dataOf(await owner.send(RequestPasswordResetDocument, { input: { email } }));
            const { token = '' } = await gateway.mail.mailAbout(email, /Set a new password/);
            await setPassword(token);
            expect((await logIn(email)).id).toBe(made?.id);
          } else {
            const { setPasswordToken } = await verify(owner, email);
            await setPassword(setPasswordToken ?? '');
            expect((await logIn(email)).id).toBe(made?.id);
          }
          expect((await accountWith(email))?.email_verified_at).not.toBeNull();
          expect(refusalOf(await enter())).toBe('CONFLICT/LINK_REQUIRED');
          const refreshed = await attacker.send(RefreshDocument, {});
          expect(refreshed.errors).toHaveLength(1);
        },
      );

      it('is proved by who made the account, in the same browser, and the provider goes on opening it', async () => {
        const email = freshEmail('ada');
        const enter = personAt(name, email);
        const own = browser();
        const accessToken = await makeAccount(enter, own);
        expect((await verify(own, email, accessToken)).setPasswordToken).toBeNull();
        // The second click finds it done.
        expect((await verify(own, email, accessToken)).setPasswordToken).toBeNull();
        const { user } = dataOf(await enter()).completeProviderSignIn;
        expect(user).toMatchObject({ id: (await accountWith(email))?.id, emailVerified: true });
      });
    },
  );

  it('who made the account is known in their browser also where they are not signed in', async () => {
    const email = freshEmail('ada');
    const enter = personAt('github', email);
    const own = browser();
    await makeAccount(enter, own);
    const asked = await askForMail(gateway, own, email);
    const { user } = dataOf(await useCode(own, asked)).signInWithEmailCode;
    expect(user.emailVerified).toBe(true);
    expect(dataOf(await enter()).completeProviderSignIn.user.id).toBe(user.id);
  });

  it('the browser in which another account was made is as good as none', async () => {
    const email = freshEmail('owner');
    await makeAccount(personAt('github', email), browser());
    const owner = browser();
    await makeAccount(personAt('github', freshEmail('other')), owner);
    expect((await verify(owner, email)).setPasswordToken).not.toBeNull();
  });

  it('who waits for the proof can have the mail once more', async () => {
    const email = freshEmail('ada');
    const enter = personAt('github', email);
    await makeAccount(enter, browser());
    await linkTo(email);
    dataOf(await browser().send(ResendVerificationEmailDocument, { input: { email } }));
    const [first, again] = await gateway.mail.mailsTo(email, 2);
    expect(again?.subject).toBe(first?.subject);
  });

  it('an administrator sends the proof again, and no invitation', async () => {
    const email = freshEmail('ada');
    await makeAccount(personAt('github', email), browser());
    await administer(SendVerificationDocument, (await accountWith(email))?.id ?? '');
    const [first, again] = await gateway.mail.mailsTo(email, 2);
    expect(again?.subject).toBe(first?.subject);
  });

  if (required === 'login') {
    describe('a guest who signs in at a provider with it', () => {
      const begin = async (email: string) => {
        const enter = personAt('github', email);
        const guest = await arrive(gateway, 'COOKIE');
        expect(refusalOf(await enter(guest.client, guest))).toBe(unproved);
        return { guest, enter };
      };

      it('goes on being a guest until they come back with a proved address, and is the account then', async () => {
        const email = freshEmail('ada');
        const { guest, enter } = await begin(email);
        const { me } = dataOf(await guest.client.send(MeDocument, {}, guest));
        expect(me).toMatchObject({ id: guest.id, roles: ['guest'] });
        expect(refusalOf(await enter(guest.client, guest))).toBe(unproved);
        expect((await verify(guest.client, email, guest.accessToken)).setPasswordToken).toBeNull();
        const { user, supersededGuestId } = dataOf(
          await enter(guest.client, guest),
        ).completeProviderSignIn;
        expect(user).toMatchObject({ id: guest.id, email, emailVerified: true });
        expect(supersededGuestId).toBeNull();
        const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
        expect(claimsOf(refreshToken.accessToken)).toMatchObject({ acr: 'aal1', amr: ['fed'] });
        expect(dataOf(await enter()).completeProviderSignIn.user.id).toBe(guest.id);
      });

      it('is no part of the account that the owner proves', async () => {
        const email = freshEmail('owner');
        const { guest, enter } = await begin(email);
        expect((await verify(browser(), email)).setPasswordToken).not.toBeNull();
        expect((await accountWith(email))?.id).not.toBe(guest.id);
        expect(refusalOf(await enter(guest.client, guest))).toBe('CONFLICT/LINK_REQUIRED');
        const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
        expect(refreshToken.user).toMatchObject({ id: guest.id, roles: ['guest'] });
      });

      it('is the account too when an administrator takes the address as proved', async () => {
        const email = freshEmail('ada');
        const { guest, enter } = await begin(email);
        await administer(VerifyUserEmailDocument, (await accountWith(email))?.id ?? '');
        const { user } = dataOf(await enter(guest.client, guest)).completeProviderSignIn;
        expect(user.id).toBe(guest.id);
      });

      it('uses up an ID token with which they become the account', async () => {
        const guest = await arrive(gateway);
        const email = freshEmail('ada');
        const sub = `of an app, ${email}`;
        const signIn = async () => {
          const nonce = randomBytes(16).toString('hex');
          const idToken = await recorded.sign({
            ...{ iss: 'https://accounts.google.com', sub, email, email_verified: true },
            nonce: createHash('sha256').update(nonce).digest('hex'),
          });
          const input = { provider: 'google', idToken, nonce, delivery: 'BODY' as const };
          return (client = browser(), asked = {}) =>
            client.send(SignInWithIdTokenDocument, { input }, asked);
        };
        const first = await signIn();
        expect(refusalOf(await first(guest.client, guest))).toBe(unproved);
        await administer(VerifyUserEmailDocument, (await accountWith(email))?.id ?? '');
        // It has made the account, and opens none any more.
        expect(refusalOf(await first())).toBe('FORBIDDEN/PROVIDER_REFUSED');
        const again = await signIn();
        expect(dataOf(await again(guest.client, guest)).signInWithIdToken.user.id).toBe(guest.id);
        expect(refusalOf(await again())).toBe('FORBIDDEN/PROVIDER_REFUSED');
      });
    });
  } else {
    it('a guest who signs in at a provider with it is the account, whose address waits', async () => {
      const email = freshEmail('ada');
      const enter = personAt('github', email);
      const guest = await arrive(gateway, 'COOKIE');
      const { user, accessToken } = dataOf(await enter(guest.client, guest)).completeProviderSignIn;
      expect(user).toMatchObject({ id: guest.id, email, emailVerified: false });
      expect((await verify(guest.client, email, accessToken)).setPasswordToken).toBeNull();
      expect(dataOf(await enter()).completeProviderSignIn.user.id).toBe(guest.id);
    });

    it('a guest who is a former reader is outside when the owner proves it', async () => {
      const email = freshEmail('owner');
      const enter = personAt('github', email);
      const guest = await arrive(gateway, 'COOKIE');
      dataOf(await enter(guest.client, guest));
      expect((await verify(browser(), email)).setPasswordToken).not.toBeNull();
      expect(refusalOf(await enter())).toBe('CONFLICT/LINK_REQUIRED');
      expect((await guest.client.send(RefreshDocument, {})).errors).toHaveLength(1);
    });

    it('an app with an ID token is told so, and proves it where it is signed in', async () => {
      const email = freshEmail('ada');
      const nonce = randomBytes(16).toString('hex');
      const idToken = await recorded.sign({
        iss: 'https://accounts.google.com',
        sub: `of an app, ${email}`,
        email,
        email_verified: true,
        nonce: createHash('sha256').update(nonce).digest('hex'),
      });
      const app = browser();
      const input = { provider: 'google', idToken, nonce, delivery: 'BODY' as const };
      const entered = await app.send(SignInWithIdTokenDocument, { input });
      const { user, accessToken } = dataOf(entered).signInWithIdToken;
      const { me } = dataOf(await app.send(MyAccountDocument, {}, { accessToken }));
      expect(me?.emailVerified).toBe(false);
      expect((await verify(app, email, accessToken)).setPasswordToken).toBeNull();
      expect((await accountWith(email))?.id).toBe(user.id);
      expect(app.cookies.size).toBe(0);
    });
  }
});
