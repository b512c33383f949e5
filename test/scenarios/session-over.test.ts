import { buildSchema } from 'graphql';
import { printPublicSchema } from '../../src/graphql/print-schema.ts';
import {
  BeginPasskeySetupDocument,
  BeginProviderLinkDocument,
  BeginTotpSetupDocument,
  RequestEmailChangeDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { addTotp } from '../support/enrolled-person.ts';
import { type MailGateway, type Resident, startMailGateway } from '../support/mail-gateway.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import {
  codeOf,
  deliver,
  entryOf,
  publicUrl,
  redirectUri,
  returnTo,
  secretsOf,
  startWithProviders,
} from '../support/provider-gateway.ts';
import { createTestAuthenticator } from '../support/test-authenticator.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestProvider, type TestProvider } from '../support/test-provider.ts';

let provider: TestProvider;
let gateway: MailGateway;
beforeAll(async () => {
  provider = await startTestProvider(redirectUri('acme'));
  gateway = await startWithProviders(
    startMailGateway,
    [entryOf('acme', provider)],
    secretsOf({ acme: provider }),
  );
  provider.now = gateway.clock.now;
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** Somebody with a password, whose address is proved. */
const settle = async (): Promise<Resident> => {
  const resident = await gateway.settle();
  const { token = '' } = await gateway.mail.mailAbout(resident.email, /Confirm/);
  dataOf(await resident.client.send(VerifyEmailDocument, { input: { token } }));
  return resident;
};

/**
 * Ends a session as another process does of which no news has come yet: what a request meets that was
 * let in before, and has waited for the account since.
 */
const endUnheard = (userId: string) =>
  gateway.query(
    "UPDATE sessions SET revoked_at = now(), revoked_reason = 'revoked_by_user' WHERE user_id = $1",
    [userId],
  );

/** All that would show that something was done. */
const stateOf = async (userId: string) => ({
  account: await gateway.query('SELECT * FROM users WHERE id = $1', [userId]),
  trail: await gateway.query('SELECT id FROM audit_events WHERE user_id = $1 ORDER BY id', [
    userId,
  ]),
});

const nobodys = '00000000-0000-4000-8000-000000000000';
const currentPassword = goodPassword;
type Prepared = readonly [selection: string, input?: object];

/** What a person sends, after whatever has to be begun first. */
const own: Readonly<Record<string, (person: Resident) => Prepared | Promise<Prepared>>> = {
  beginPasskeySetup: () => ['ceremony'],
  beginProviderLink: () => ['url', { provider: 'acme', returnTo }],
  beginTotpSetup: () => ['secret'],
  changePassword: () => ['__typename', { currentPassword, newPassword: 'zebra quilts of ivory 9' }],
  async completePasskeySetup(person) {
    const begun = dataOf(await person.client.send(BeginPasskeySetupDocument, {}, person));
    const { ceremony, options } = begun.beginPasskeySetup;
    const { response } = createTestAuthenticator(publicUrl).create(options);
    return ['passkey { id }', { ceremony, response }];
  },
  async completeProviderLink(person) {
    const input = { provider: 'acme', returnTo };
    const begun = dataOf(await person.client.send(BeginProviderLinkDocument, { input }, person));
    const who = { sub: freshEmail(), email: freshEmail(), email_verified: true };
    const back = await provider.visit(begun.beginProviderLink.url, who);
    return ['__typename', { code: codeOf(await deliver(gateway, back)) }];
  },
  async confirmTotpSetup(person) {
    const begun = dataOf(await person.client.send(BeginTotpSetupDocument, {}, person));
    const code = codeAt(begun.beginTotpSetup.secret, gateway.clock.now());
    return ['recoveryCodes', { code }];
  },
  deleteAccount: () => ['__typename', { currentPassword }],
  async regenerateRecoveryCodes(person) {
    await addTotp(gateway, person);
    return ['recoveryCodes'];
  },
  async removeAuthenticator(person) {
    const { authenticatorId: id } = await addTotp(gateway, person);
    return ['__typename', { id }];
  },
  renamePasskey: () => ['__typename', { id: nobodys, name: 'Phone' }],
  requestEmailChange: () => ['__typename', { currentPassword, newEmail: freshEmail() }],
  revokeOtherSessions: () => ['revokedCount'],
  revokeSession: (person) => ['success', { sessionId: sessionOf(person) }],
  stepUp: () => ['accessToken', { password: goodPassword }],
  unlinkIdentity: () => ['__typename', { id: nobodys }],
  updateProfile: () => ['__typename', { firstName: 'Eve' }],
};

/** Nobody has to be signed in for these, or they change nothing of the account. */
const others = [
  'beginPasskeySignIn',
  'beginProviderSignIn',
  'beginStepUp',
  'completeProviderSignIn',
  'completeSignIn',
  'confirmEmailChange',
  'exchangeToken',
  'exportMyData',
  'login',
  'logout',
  'refreshToken',
  'register',
  'requestPasswordReset',
  'requestSignInEmail',
  'resendVerificationEmail',
  'resetPassword',
  'signInAsGuest',
  'signInWithEmailCode',
  'signInWithEmailLink',
  'signInWithIdToken',
  'signInWithPasskey',
  'undoEmailChange',
  'verifyEmail',
];

const schema = buildSchema(printPublicSchema());
const mutations = schema.getMutationType()?.getFields() ?? {};

function sessionOf({ accessToken }: Resident): string {
  const [, claims = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).sid;
}

describe('a request in flight while its session ends', () => {
  it('is asked about here, whatever it is', () => {
    expect([...Object.keys(own), ...others].sort()).toEqual(Object.keys(mutations).sort());
  });

  it.each(Object.keys(own))('changes nothing by %s', async (name) => {
    const person = await settle();
    const userId = person.session.user.id;
    const [selection, input] = (await own[name]?.(person)) ?? [''];
    await endUnheard(userId);
    const before = await stateOf(userId);
    const type = mutations[name]?.args[0]?.type;
    const document =
      input === undefined
        ? `mutation { ${name} { ${selection} } }`
        : `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} } }`;
    const answer = await person.client.send(document, { input }, person);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    expect(await stateOf(userId)).toEqual(before);
  });

  it('lets an administrator be nobody else', async () => {
    const [administrator, person] = [await registerAdministrator(gateway), await settle()];
    const userId = person.session.user.id;
    await endUnheard(administrator.id);
    const before = await stateOf(userId);
    const client = createTestClient(gateway.origin, '/admin/graphql');
    const answer = await client.send(
      'mutation ($userId: ID!) { impersonate(input: { userId: $userId, reason: "ticket" }) { accessToken } }',
      { userId },
      administrator,
    );
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    expect(await stateOf(userId)).toEqual(before);
  });

  it('moves the account to no other address', async () => {
    const person = await settle();
    const userId = person.session.user.id;
    const newEmail = freshEmail();
    const input = { newEmail, currentPassword };
    dataOf(await person.client.send(RequestEmailChangeDocument, { input }, person));
    const { token } = await gateway.mail.mailAbout(newEmail, /Confirm your new/);
    await endUnheard(userId);
    const before = await stateOf(userId);
    const confirm =
      'mutation ($input: ConfirmEmailChangeInput!) { confirmEmailChange(input: $input) { __typename } }';
    const stranger = createTestClient(gateway.origin);
    const answer = await stranger.send(confirm, { input: { token } }, person);
    expect(refusalOf(answer)).toBe('FORBIDDEN/EMAIL_CHANGE_STARTED_ELSEWHERE');
    expect(await stateOf(userId)).toEqual(before);
  });
});
