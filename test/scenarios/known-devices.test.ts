import { ForcePasswordResetDocument } from '../generated/administration/graphql.ts';
import {
  ChangePasswordDocument,
  ConfirmEmailChangeDocument,
  LoginDocument,
  RefreshDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  UndoEmailChangeDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { registerAdministrator, type TestAdministrator } from '../support/administrators.ts';
import { type MailGateway, type Resident, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { waitUntil } from '../support/wait-until.ts';

const newPassword = 'another horse, other staples';

describe('a browser that has signed in to an account', () => {
  let gateway: MailGateway;
  let admin: TestAdministrator;
  beforeAll(async () => {
    gateway = await startMailGateway({ TRUST_PROXY: '127.0.0.1' });
    admin = await registerAdministrator(gateway);
  });
  afterEach(() => gateway.query('DELETE FROM throttles'));
  afterAll(() => gateway.stop());

  const stranger = () => createTestClient(gateway.origin);
  /** From ever another network: what is counted here is the account. */
  let networks = 0;
  const logIn = (client: TestClient, identifier: string, password: string) => {
    networks += 1;
    const headers = { 'x-forwarded-for': `10.0.${networks >> 8}.${networks % 256}` };
    return client.send(LoginDocument, { input: { identifier, password } }, { headers });
  };
  /** Whether its attempts wait with those of all others, who have used theirs up. */
  const waitsWithOthers = async (client: TestClient, email: string) => {
    await waitUntil(async () => {
      const guesses = Array.from({ length: 10 }, () => logIn(stranger(), email, 'no password'));
      const answers = await Promise.all(guesses);
      return answers.some(({ errors }) => Number(errors[0]?.extensions.retryAfterSeconds) >= 4);
    });
    const refusal = refusalOf(await logIn(client, email, 'a guess'));
    expect(['RATE_LIMITED', 'UNAUTHENTICATED/INVALID_CREDENTIALS']).toContain(refusal);
    return refusal === 'RATE_LIMITED';
  };
  const linkTo = async (email: string, about: RegExp) =>
    (await gateway.mail.mailAbout(email, about)).token ?? '';
  const prove = async (client: TestClient, email: string) =>
    client.send(VerifyEmailDocument, { input: { token: await linkTo(email, /Confirm/) } });
  const changePassword = ({ client, accessToken }: Resident) => {
    const input = { currentPassword: goodPassword, newPassword };
    return client.send(ChangePasswordDocument, { input }, { accessToken });
  };

  it('guesses beside all others, and goes on to do so with its refreshes', async () => {
    const { client, email } = await gateway.settle();
    dataOf(await client.send(RefreshDocument, {}));
    expect(await waitsWithOthers(client, email)).toBe(false);
  });

  it('b6 is a stranger when it made the account with an address that somebody else proves', async () => {
    const { client, email } = await gateway.settle();
    dataOf(await prove(stranger(), email));
    expect(await waitsWithOthers(client, email)).toBe(true);
  });

  it('is a stranger when it moved the account, and that was undone', async () => {
    const owner = await gateway.settle();
    dataOf(await prove(owner.client, owner.email));
    const thief = stranger();
    const { accessToken } = dataOf(await logIn(thief, owner.email, goodPassword)).login;
    const moved = freshEmail('thief');
    const input = { newEmail: moved, currentPassword: goodPassword };
    dataOf(await thief.send(RequestEmailChangeDocument, { input }, { accessToken }));
    const token = await linkTo(moved, /Confirm your new e-mail address/);
    dataOf(await thief.send(ConfirmEmailChangeDocument, { input: { token } }, { accessToken }));
    const back = await linkTo(owner.email, /was changed/);
    dataOf(await stranger().send(UndoEmailChangeDocument, { input: { token: back } }));
    expect(await waitsWithOthers(thief, owner.email)).toBe(true);
  });

  it('is a stranger when the password was taken away by an administrator', async () => {
    const { client, email, session } = await gateway.settle();
    const input = { userId: session.user.id, reason: 'it was published' };
    dataOf(await admin.ask(ForcePasswordResetDocument, { input }));
    expect(await waitsWithOthers(client, email)).toBe(true);
  });

  it('is a stranger when a mail has set another password, and known when it signs in with that', async () => {
    const { client, email } = await gateway.settle();
    dataOf(await stranger().send(RequestPasswordResetDocument, { input: { email } }));
    const token = await linkTo(email, /Set a new password/);
    dataOf(await stranger().send(ResetPasswordDocument, { input: { token, newPassword } }));
    dataOf(await logIn(client, email, newPassword));
    expect(await waitsWithOthers(client, email)).toBe(false);
  });

  it('is a stranger when another one has changed the password, which stays known itself', async () => {
    const owner = await gateway.settle();
    const thief = stranger();
    dataOf(await logIn(thief, owner.email, goodPassword));
    dataOf(await changePassword(owner));
    expect(await waitsWithOthers(thief, owner.email)).toBe(true);
    expect(await waitsWithOthers(owner.client, owner.email)).toBe(false);
  });
});
