import { randomUUID } from 'node:crypto';
import { buildSchema } from 'graphql';
import { printPublicSchema } from '../../src/graphql/print-schema.ts';
import {
  ConfirmEmailChangeDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { type MailGateway, type Resident, startMailGateway } from '../support/mail-gateway.ts';
import { documentsOf } from '../support/markdown-documents.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';

const exchangeSecret = 'Qm9va3MgYXJlIHRvIGJlIGNhbGxlZCBmb3IgYW5kIHNob3du';

describe('docs/accounts.md', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway({ TOKEN_EXCHANGE_SECRET: exchangeSecret });
  });
  afterAll(() => gateway.stop());

  const documents = documentsOf('docs/accounts.md');
  const tokenTo = async (email: string, subject: RegExp) =>
    (await gateway.mail.mailAbout(email, subject)).token ?? '';

  const verification = ({ email }: Resident) => tokenTo(email, /Confirm/);
  const change = async (ada: Resident) => {
    const newEmail = freshEmail('lovelace');
    const input = { newEmail, currentPassword: goodPassword };
    dataOf(await ada.client.send(RequestEmailChangeDocument, { input }, ada));
    return tokenTo(newEmail, /Confirm your new/);
  };
  /** What must have happened before a document that takes the token of a mail. */
  const links: Readonly<Record<string, (ada: Resident) => Promise<string>>> = {
    VerifyEmail: verification,
    async ResetPassword({ client, email }) {
      dataOf(await client.send(RequestPasswordResetDocument, { input: { email } }));
      return tokenTo(email, /Set a new password/);
    },
    ConfirmEmailChange: change,
    async UndoEmailChange(ada) {
      const send = { token: await verification(ada) };
      dataOf(await ada.client.send(VerifyEmailDocument, { input: send }));
      const input = { token: await change(ada) };
      dataOf(await ada.client.send(ConfirmEmailChangeDocument, { input }, ada));
      return tokenTo(ada.email, /was changed/);
    },
  };

  it('shows every mutation of the schema, or leaves it to the README', () => {
    const readme = [
      'README.md',
      'docs/sessions.md',
      'docs/second-factors.md',
      'docs/step-up.md',
      'docs/guests.md',
      'docs/email-sign-in.md',
      'docs/providers.md',
    ].flatMap(documentsOf);
    const shown = [...documents, ...readme].map(({ document }) => document).join();
    const mutations = Object.keys(
      buildSchema(printPublicSchema()).getMutationType()?.getFields() ?? {},
    );
    const missing = mutations.filter((name) => !new RegExp(`\\b${name}\\b`).test(shown));
    expect(mutations).toContain('updateProfile');
    expect(missing).toEqual([]);
  });

  it('shows the flows in this order', () => {
    expect(documents.map(({ name }) => name)).toEqual([
      'Register',
      'ResendVerificationEmail',
      'VerifyEmail',
      'Login',
      'Me',
      'ExchangeToken',
      'Sessions',
      'RevokeSession',
      'RevokeOtherSessions',
      'UpdateProfile',
      'ChangePassword',
      'RequestPasswordReset',
      'ResetPassword',
      'RequestEmailChange',
      'ConfirmEmailChange',
      'UndoEmailChange',
      'ExportMyData',
      'DeleteAccount',
    ]);
  });

  it.each(documents)('$name does what it says as it stands', async (shown) => {
    const { name, document, variables } = shown;
    const ada = await gateway.settle();
    const given = variables
      .replaceAll('ada@example.com', name === 'Register' ? freshEmail('new') : ada.email)
      .replaceAll('ada.lovelace@example.org', freshEmail('lovelace'))
      .replaceAll('ada-lovelace', `ada-${randomUUID().slice(0, 8)}`)
      .replaceAll('SESSION_ID', ada.session.session.id)
      .replaceAll('TOKEN', (await links[name]?.(ada)) ?? '');
    const client = createTestClient(gateway.origin);
    const asServer = {
      cookie: `refreshToken=${ada.client.cookies.get('refreshToken')}`,
      'x-token-exchange-secret': exchangeSecret,
    };
    const options = name === 'ExchangeToken' ? { headers: asServer } : ada;
    const answer = await client.send<object, object>(document, JSON.parse(given), options);
    expect(Object.values(dataOf(answer))).not.toContain(null);
  });
});
