import { buildSchema, type GraphQLField, isInputObjectType, isNonNullType } from 'graphql';
import { loadWebAuthn } from '../../src/factors/load-webauthn.ts';
import { printPublicSchema } from '../../src/graphql/print-schema.ts';
import { createRemoveIdleGuests, longestAbsence } from '../../src/guests/remove-idle-guests.ts';
import { guestLimits } from '../../src/throttling/guest-throttle.ts';
import {
  GrantRoleDocument,
  UserDetailsDocument,
  UsersDocument,
} from '../generated/administration/graphql.ts';
import {
  AuthenticatorsDocument,
  BeginPasskeySetupDocument,
  BeginPasskeySignInDocument,
  ChangePasswordDocument,
  CompletePasskeySetupDocument,
  DeleteAccountDocument,
  ExportMyDataDocument,
  GuestOptionsDocument,
  LoginDocument,
  MeDocument,
  RefreshDocument,
  RegisterDocument,
  SessionsDocument,
  SignInAsGuestDocument,
  SignInWithPasskeyDocument,
  UpdateProfileDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { beginSignIn, enrol, signUp } from '../support/enrolled-person.ts';
import { arrive, refreshWith, type TestGuest } from '../support/guests.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestAuthenticator } from '../support/test-authenticator.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const origin = 'https://app.example.com';
const env = {
  GUESTS: 'on',
  PUBLIC_URL: 'https://auth.example.com',
  PASSKEY_RP_ID: 'example.com',
  PASSKEY_ORIGINS: origin,
};

let gateway: MailGateway;
beforeAll(async () => {
  await loadWebAuthn();
  gateway = await startMailGateway(env);
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(() => gateway.stop());

const stranger = () => createTestClient(gateway.origin);
const register = (guest: Pick<TestGuest, 'client' | 'accessToken'>, email = freshEmail()) =>
  guest.client.send(
    RegisterDocument,
    { input: { email, password: goodPassword, delivery: 'BODY' } },
    guest,
  );
const eventsOf = async (userId: string): Promise<readonly { type: string; detail: object }[]> =>
  gateway.query('SELECT type, detail FROM audit_events WHERE user_id = $1 ORDER BY id', [userId]);
const mailsTo = async (userId: string): Promise<readonly string[]> => {
  const rows = await gateway.query('SELECT template FROM mail_outbox WHERE user_id = $1', [userId]);
  return rows.map(({ template }: { template: string }) => template);
};

/** The first passkey of a guest. */
const completePasskey = async (guest: TestGuest) => {
  const begun = dataOf(await guest.client.send(BeginPasskeySetupDocument, {}, guest));
  const { ceremony, options } = begun.beginPasskeySetup;
  const { passkey, response } = createTestAuthenticator(origin).create(options);
  const input = { ceremony, response };
  const answer = await guest.client.send(CompletePasskeySetupDocument, { input }, guest);
  return { passkey, answer };
};

describe('a guest', () => {
  it('goes on without an account, and is remembered as anybody is', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    expect(claimsOf(guest.accessToken)).toMatchObject({
      sub: guest.id,
      acr: 'aal0',
      amr: [],
      roles: ['guest'],
      scope: '',
      aud: 'graph',
    });
    const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(refreshToken.user).toMatchObject({ id: guest.id, email: null, roles: ['guest'] });
    expect(claimsOf(refreshToken.accessToken)).toMatchObject({ acr: 'aal0', amr: [] });
    const [{ type, detail }] = (await eventsOf(guest.id)) as [{ type: string; detail: object }];
    expect({ type, detail }).toEqual({ type: 'session.opened', detail: { guest: true } });
  });

  it('is there where GUESTS says so, which the options tell', async () => {
    const options = dataOf(await stranger().send(GuestOptionsDocument));
    expect(options.signInOptions.guests).toBe(true);
    const without = await startTestGateway({ GUESTS: 'off' });
    try {
      const client = createTestClient(without.origin);
      const off = dataOf(await client.send(GuestOptionsDocument));
      expect(off.signInOptions.guests).toBe(false);
      const answer = await client.send(SignInAsGuestDocument, { input: {} });
      expect(refusalOf(answer)).toBe('FORBIDDEN/GUESTS_OFF');
    } finally {
      await without.stop();
    }
  });

  it('is made in a cookie for a page of ours alone', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await stranger().send(SignInAsGuestDocument, { input: {} }, { headers });
    expect(refusalOf(answer)).toBe('FORBIDDEN/ORIGIN_REFUSED');
  });

  it('sees where they are signed in, has what is kept of them, and leaves no trace', async () => {
    const guest = await arrive(gateway);
    const { sessions } = dataOf(await guest.client.send(SessionsDocument, {}, guest));
    expect(sessions.nodes).toMatchObject([{ id: guest.sessionId, current: true }]);
    const { exportMyData } = dataOf(await guest.client.send(ExportMyDataDocument, {}, guest));
    expect(exportMyData.data).toMatchObject({ account: { id: guest.id }, roles: ['guest'] });
    dataOf(await guest.client.send(DeleteAccountDocument, { input: {} }, guest));
    expect(await gateway.query('SELECT id FROM users WHERE id = $1', [guest.id])).toEqual([]);
    expect(refusalOf(await guest.client.send(MeDocument, {}, guest))).toBe(
      'UNAUTHENTICATED/SESSION_REVOKED',
    );
    const gone = await refreshWith(gateway, guest.refreshToken);
    expect(refusalOf(gone)).toBe('UNAUTHENTICATED/REFRESH_TOKEN_INVALID');
    expect(await mailsTo(guest.id)).toEqual([]);
  });
});

describe('h1 by registering a guest becomes an account', () => {
  it('with the same id, another refresh token, and an access token that says so', async () => {
    const guest = await arrive(gateway);
    const email = freshEmail();
    const { register: answer } = dataOf(await register(guest, email));
    expect(answer.user).toMatchObject({ id: guest.id, email, roles: ['user'] });
    expect(answer.session.id).toBe(guest.sessionId);
    expect(answer.supersededGuestId).toBeNull();
    expect(claimsOf(answer.accessToken)).toMatchObject({
      sub: guest.id,
      sid: guest.sessionId,
      acr: 'aal1',
      amr: ['pwd'],
      roles: ['user'],
    });
    expect(answer.refreshToken).not.toBe(guest.refreshToken);

    // What the guest had is over, and its holder is told to look for what is newer.
    expect(refusalOf(await guest.client.send(MeDocument, {}, guest))).toBe(
      'UNAUTHENTICATED/TOKEN_EXPIRED',
    );
    const late = await refreshWith(gateway, guest.refreshToken);
    expect(refusalOf(late)).toBe('CONFLICT/REFRESH_TOKEN_SUPERSEDED');
    const next = dataOf(await refreshWith(gateway, answer.refreshToken ?? '')).refreshToken;
    expect(next.user).toMatchObject({ id: guest.id, email });
    expect(await eventsOf(guest.id)).toContainEqual({
      type: 'guest.upgraded',
      detail: { by: 'password' },
    });
  });

  it('and a copy of the guest’s refresh token ends the session', async () => {
    const guest = await arrive(gateway);
    const { refreshToken = '' } = dataOf(await register(guest)).register;
    gateway.clock.advance(11_000);
    const copy = await refreshWith(gateway, guest.refreshToken);
    expect(refusalOf(copy)).toBe('UNAUTHENTICATED/REFRESH_TOKEN_REUSED');
    const owner = await refreshWith(gateway, refreshToken ?? '');
    expect(refusalOf(owner)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
  });

  it('in a cookie, which is another one then', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const before = guest.client.cookies.get('refreshToken');
    const input = { email: freshEmail(), password: goodPassword };
    const { register: answer } = dataOf(
      await guest.client.send(RegisterDocument, { input }, guest),
    );
    expect(answer.refreshToken).toBeNull();
    expect(guest.client.cookies.get('refreshToken')).not.toBe(before);
    const { refreshToken } = dataOf(await guest.client.send(RefreshDocument, {}));
    expect(refreshToken.user.id).toBe(guest.id);
  });

  it('who signs in with the password from then on, and proves the address as anybody', async () => {
    const guest = await arrive(gateway, 'COOKIE');
    const email = freshEmail();
    dataOf(
      await guest.client.send(
        RegisterDocument,
        { input: { email, password: goodPassword, username: null, firstName: 'Ada' } },
        guest,
      ),
    );
    const { token = '' } = await gateway.mail.mailAbout(email, /Confirm your e-mail/);
    const proved = await guest.client.send(VerifyEmailDocument, { input: { token } });
    expect(dataOf(proved).verifyEmail.setPasswordToken).toBeNull();
    const input = { identifier: email, password: goodPassword };
    const { login } = dataOf(await stranger().send(LoginDocument, { input }));
    expect(login.user).toMatchObject({ id: guest.id, roles: ['user'] });
  });

  it('with a passkey, which is all that opens it', async () => {
    const guest = await arrive(gateway);
    const { passkey, answer } = await completePasskey(guest);
    const { recoveryCodes } = dataOf(answer).completePasskeySetup;
    expect(recoveryCodes).toHaveLength(10);
    expect(refusalOf(await guest.client.send(MeDocument, {}, guest))).toBe(
      'UNAUTHENTICATED/TOKEN_EXPIRED',
    );
    const { refreshToken } = dataOf(await refreshWith(gateway, guest.refreshToken));
    expect(refreshToken.refreshToken).not.toBe(guest.refreshToken);
    expect(claimsOf(refreshToken.accessToken)).toMatchObject({
      sub: guest.id,
      sid: guest.sessionId,
      acr: 'phr',
      amr: ['hwk', 'mfa'],
      roles: ['user'],
    });
    const begun = dataOf(await stranger().send(BeginPasskeySignInDocument, {}));
    const { ceremony, options } = begun.beginPasskeySignIn;
    const input = { passkey: { ceremony, response: passkey.assert(options) } };
    const { signInWithPasskey } = dataOf(
      await stranger().send(SignInWithPasskeyDocument, { input }),
    );
    expect(signInWithPasskey.user.id).toBe(guest.id);
    expect(await eventsOf(guest.id)).toContainEqual({
      type: 'guest.upgraded',
      detail: { by: 'passkey' },
    });
  });

  it('once, and no token of before does it again', async () => {
    const guest = await arrive(gateway);
    dataOf(await register(guest));
    expect(refusalOf(await register(guest))).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
    const setup = await guest.client.send(BeginPasskeySetupDocument, {}, guest);
    expect(refusalOf(setup)).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
  });

  it('and an ended token makes no other account of it', async () => {
    const guest = await arrive(gateway);
    gateway.clock.advance(16 * 60_000);
    expect(refusalOf(await register(guest))).toBe('UNAUTHENTICATED/TOKEN_EXPIRED');
    const { accessToken } = dataOf(await refreshWith(gateway, guest.refreshToken)).refreshToken;
    expect(dataOf(await register({ ...guest, accessToken })).register.user.id).toBe(guest.id);
  });

  it('while an ended token of an account still hinders nobody', async () => {
    const person = await signUp(gateway);
    gateway.clock.advance(16 * 60_000);
    expect(dataOf(await register(person)).register.user.id).not.toBe(person.id);
  });

  it('that has to have a second factor where everybody has, which no guest has to', async () => {
    const strict = await startTestGateway({ ...env, SECOND_FACTOR: 'everyone' });
    try {
      const guest = await arrive(strict);
      expect(claimsOf(guest.accessToken).aud).toBe('graph');
      dataOf(await guest.client.send(MeDocument, {}, guest));
      const { accessToken } = dataOf(await register(guest)).register;
      expect(claimsOf(accessToken).aud).toBe('graph/enrolment');
    } finally {
      await strict.stop();
    }
  });
});

it('becomes none where nobody makes accounts by themselves', async () => {
  const closed = await startTestGateway({ ...env, SIGN_UP: 'closed' });
  try {
    const guest = await arrive(closed);
    const passkey = await guest.client.send(BeginPasskeySetupDocument, {}, guest);
    const refused = [await register(guest), passkey].map(refusalOf);
    expect(refused).toEqual(['FORBIDDEN/SIGN_UP_CLOSED', 'FORBIDDEN/SIGN_UP_CLOSED']);
  } finally {
    await closed.stop();
  }
});

describe('h2 a guest has the role guest and nothing else', () => {
  it('whatever roles stand in the database', async () => {
    const guest = await arrive(gateway);
    const grant = 'INSERT INTO user_roles (user_id, role) VALUES ($1, $2)';
    await gateway.query(grant, [guest.id, 'admin']);
    const { refreshToken } = dataOf(await refreshWith(gateway, guest.refreshToken));
    expect(claimsOf(refreshToken.accessToken)).toMatchObject({ roles: ['guest'], scope: '' });
    await gateway.query('DELETE FROM user_roles WHERE user_id = $1', [guest.id]);
  });

  it('and no administrator gives them another', async () => {
    const administrator = await registerAdministrator(gateway);
    const guest = await arrive(gateway);
    const input = { userId: guest.id, role: 'admin', reason: 'a friend' };
    const answer = await administrator.ask(GrantRoleDocument, { input });
    expect(refusalOf(answer)).toBe('FORBIDDEN/POLICY_DENIED');
  });

  /** What each field is to a guest: `open` to everybody, `own` is theirs too, `account` takes one. */
  const meaning: Readonly<Record<string, 'open' | 'own' | 'account'>> = {
    'Query.authenticators': 'account',
    'Query.me': 'own',
    'Query.sessions': 'own',
    'Query.signInOptions': 'open',
    'Mutation.beginPasskeySetup': 'own',
    'Mutation.beginPasskeySignIn': 'open',
    'Mutation.beginProviderLink': 'account',
    'Mutation.beginProviderSignIn': 'open',
    'Mutation.beginStepUp': 'account',
    'Mutation.beginTotpSetup': 'account',
    'Mutation.changePassword': 'account',
    'Mutation.completePasskeySetup': 'own',
    'Mutation.completeProviderLink': 'account',
    'Mutation.completeProviderSignIn': 'own',
    'Mutation.completeSignIn': 'open',
    'Mutation.confirmEmailChange': 'open',
    'Mutation.confirmTotpSetup': 'account',
    'Mutation.deleteAccount': 'own',
    'Mutation.exchangeToken': 'own',
    'Mutation.exportMyData': 'own',
    'Mutation.login': 'open',
    'Mutation.logout': 'own',
    'Mutation.refreshToken': 'own',
    'Mutation.regenerateRecoveryCodes': 'account',
    'Mutation.register': 'own',
    'Mutation.removeAuthenticator': 'account',
    'Mutation.renamePasskey': 'account',
    'Mutation.requestEmailChange': 'account',
    'Mutation.requestPasswordReset': 'open',
    'Mutation.requestSignInEmail': 'open',
    'Mutation.resendVerificationEmail': 'open',
    'Mutation.resetPassword': 'open',
    'Mutation.revokeOtherSessions': 'own',
    'Mutation.revokeSession': 'own',
    'Mutation.signInAsGuest': 'open',
    'Mutation.signInWithEmailCode': 'own',
    'Mutation.signInWithEmailLink': 'own',
    'Mutation.signInWithIdToken': 'own',
    'Mutation.signInWithPasskey': 'open',
    'Mutation.stepUp': 'account',
    'Mutation.undoEmailChange': 'open',
    'Mutation.unlinkIdentity': 'account',
    'Mutation.updateProfile': 'account',
    'Mutation.verifyEmail': 'open',
  };
  const schema = buildSchema(printPublicSchema());
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) => [`${type?.name}.${field.name}`, field]),
  ) as readonly (readonly [string, GraphQLField<unknown, unknown>])[];

  it('of each field it is known what it is to them', () => {
    expect(fields.map(([name]) => name).sort()).toEqual(Object.keys(meaning).sort());
  });

  const ofAccounts = fields.filter(([name]) => meaning[name] === 'account');
  it.each(ofAccounts)('%s takes an account', async (name, field) => {
    const guest = await arrive(gateway);
    const answer = await guest.client.send(documentFor(name, field), {}, guest);
    expect(refusalOf(answer)).toBe('FORBIDDEN/ACCOUNT_REQUIRED');
  });

  it('no field of the administration is theirs', async () => {
    const guest = await arrive(gateway);
    const client = createTestClient(gateway.origin, '/admin/graphql');
    const answer = await client.send(UsersDocument, {}, guest);
    expect(refusalOf(answer)).toBe('FORBIDDEN/SCOPE_MISSING');
  });

  it('nor does a guest change a profile, or a password', async () => {
    const guest = await arrive(gateway);
    const profile = { input: { username: 'ada' } };
    const password = { input: { newPassword: goodPassword } };
    for (const answer of [
      await guest.client.send(UpdateProfileDocument, profile, guest),
      await guest.client.send(ChangePasswordDocument, password, guest),
      await guest.client.send(AuthenticatorsDocument, {}, guest),
    ]) {
      expect(refusalOf(answer)).toBe('FORBIDDEN/ACCOUNT_REQUIRED');
    }
  });
});

describe('h3 a guest who asks for an address that is taken', () => {
  it('is told what anybody is told, and goes on being a guest', async () => {
    const person = await signUp(gateway);
    const guest = await arrive(gateway);
    const [asGuest, asStranger] = [
      await register(guest, person.email),
      await stranger().send(RegisterDocument, {
        input: { email: person.email, password: goodPassword },
      }),
    ];
    const told = (text: string) => JSON.parse(text).errors[0];
    expect(told(asGuest.text)).toEqual(told(asStranger.text));
    expect(asGuest.status).toBe(asStranger.status);
    const { me } = dataOf(await guest.client.send(MeDocument, {}, guest));
    expect(me).toMatchObject({ id: guest.id, email: null, roles: ['guest'] });
    dataOf(await refreshWith(gateway, guest.refreshToken));
  });

  it('hears who they were when they sign in there, and is that no more', async () => {
    const person = await signUp(gateway);
    const guest = await arrive(gateway);
    const input = { identifier: person.email, password: goodPassword, delivery: 'BODY' as const };
    const { login } = dataOf(await guest.client.send(LoginDocument, { input }, guest));
    expect(login.user.id).toBe(person.id);
    expect(login.supersededGuestId).toBe(guest.id);
    expect(refusalOf(await guest.client.send(MeDocument, {}, guest))).toBe(
      'UNAUTHENTICATED/SESSION_REVOKED',
    );
    const late = await refreshWith(gateway, guest.refreshToken);
    expect(refusalOf(late)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
    expect(await eventsOf(person.id)).toContainEqual({
      type: 'guest.superseded',
      detail: { guest: guest.id },
    });
    // Their row stays, for whoever brings over what they have left.
    expect(await gateway.query('SELECT is_guest FROM users WHERE id = $1', [guest.id])).toEqual([
      { is_guest: true },
    ]);
  });

  it('only when the whole sign-in is done', async () => {
    const person = await enrol(gateway);
    const guest = await arrive(gateway);
    const input = { identifier: person.email, password: goodPassword, delivery: 'BODY' as const };
    const half = await guest.client.send(LoginDocument, { input }, guest);
    expect(refusalOf(half)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    expect(half.text).not.toContain(guest.id);
    dataOf(await guest.client.send(MeDocument, {}, guest));
    const { challenge } = await beginSignIn(stranger(), person.email);
    const whole = await guest.client.send(
      `mutation ($input: CompleteSignInInput!) { completeSignIn(input: $input) { supersededGuestId user { id } } }`,
      {
        input: {
          challenge,
          totpCode: codeAt(person.secret, gateway.clock.now()),
          delivery: 'BODY',
        },
      },
      guest,
    );
    expect(dataOf(whole)).toEqual({
      completeSignIn: { supersededGuestId: guest.id, user: { id: person.id } },
    });
  });

  it('and a wrong password ends no guest', async () => {
    const person = await signUp(gateway);
    const guest = await arrive(gateway);
    const input = { identifier: person.email, password: 'not the password' };
    const answer = await guest.client.send(LoginDocument, { input }, guest);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    dataOf(await guest.client.send(MeDocument, {}, guest));
  });

  it('while an account that signs in to another supersedes nobody', async () => {
    const [one, other] = [await signUp(gateway), await signUp(gateway)];
    const input = { identifier: other.email, password: goodPassword };
    const { login } = dataOf(await one.client.send(LoginDocument, { input }, one));
    expect(login.supersededGuestId).toBeNull();
    expect(dataOf(await one.client.send(MeDocument, {}, one)).me?.id).toBe(one.id);
  });
});

describe('h4 guests', () => {
  it(`are made ${guestLimits.attempts} times in ten minutes by one network`, async () => {
    const counter = 'guest-address:2001:db8:1:2::/64';
    const proxied = await startTestGateway({ ...env, TRUST_PROXY: '127.0.0.1' });
    try {
      const from = (address: string) => ({ 'x-forwarded-for': address });
      await arrive(proxied, 'BODY', from('2001:db8:1:2::1'));
      const rows = await gateway.query(
        'UPDATE throttles SET points = $2 WHERE key = $1 RETURNING 1',
        [counter, guestLimits.attempts],
      );
      // Memory counts where the database is embedded: then they are made one by one.
      const left = rows.length === 1 ? 0 : guestLimits.attempts - 1;
      for (let count = 0; count < left; count += 1) {
        await arrive(proxied, 'BODY', from('2001:db8:1:2::1'));
      }
      const answer = await createTestClient(proxied.origin).send(
        SignInAsGuestDocument,
        { input: {} },
        { headers: from('2001:db8:1:2:ffff::9') },
      );
      expect(refusalOf(answer)).toBe('RATE_LIMITED');
      await arrive(proxied, 'BODY', from('2001:db8:1:3::1'));
    } finally {
      await proxied.stop();
    }
  });

  it('who stay away for 30 days are removed, and nobody else is', async () => {
    const { now } = gateway.clock;
    const [idle, busy, upgraded] = [
      await arrive(gateway),
      await arrive(gateway),
      await arrive(gateway),
    ];
    dataOf(await register(upgraded));
    const person = await signUp(gateway);
    const since = new Date(now().getTime() - longestAbsence - 1);
    const seen = 'UPDATE users SET last_seen_at = $2 WHERE id = ANY ($1)';
    await gateway.query(seen, [[idle.id, upgraded.id, person.id], since]);
    const database = await openTestDatabase(gateway.clock);
    const remove = createRemoveIdleGuests({
      now,
      guests: database.stores.guests,
      transact: database.transact,
    });
    expect(await remove()).toBeGreaterThanOrEqual(1);
    expect(await remove()).toBe(0);
    await database.stop();
    const left: { id: string }[] = await gateway.query('SELECT id FROM users WHERE id = ANY ($1)', [
      [idle.id, busy.id, upgraded.id, person.id],
    ]);
    expect(left.map(({ id }) => id).sort()).toEqual([busy.id, upgraded.id, person.id].sort());
    const late = await refreshWith(gateway, idle.refreshToken);
    expect(refusalOf(late)).toBe('UNAUTHENTICATED/REFRESH_TOKEN_INVALID');
    expect(await eventsOf(idle.id)).toContainEqual({
      type: 'account.deleted',
      detail: { reason: 'idle_guest' },
    });
    dataOf(await refreshWith(gateway, busy.refreshToken));
  });

  it('are left out of the administrators’ lists, unless they are asked for', async () => {
    const administrator = await registerAdministrator(gateway);
    const guest = await arrive(gateway);
    const ids = async (filter: object) => {
      const answer = await administrator.ask(UsersDocument, { first: 100, filter });
      return dataOf(answer).users.nodes.map(({ id }) => id);
    };
    expect(await ids({})).toContain(administrator.id);
    expect(await ids({})).not.toContain(guest.id);
    expect(await ids({ search: guest.id })).toEqual([]);
    expect(await ids({ guest: true })).toContain(guest.id);
    expect(await ids({ guest: true })).not.toContain(administrator.id);
    const { user } = dataOf(await administrator.ask(UserDetailsDocument, { id: guest.id }));
    expect(user).toMatchObject({ id: guest.id, email: null, roles: ['guest'] });
    dataOf(await register(guest));
    expect(await ids({})).toContain(guest.id);
  });
});

it('a guest is mailed nothing, and a later device of the account is told of', async () => {
  const guest = await arrive(gateway);
  expect(await mailsTo(guest.id)).toEqual([]);
  const email = freshEmail();
  dataOf(await register(guest, email));
  const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' };
  const input = { identifier: email, password: goodPassword };
  dataOf(await stranger().send(LoginDocument, { input }, { headers }));
  await gateway.mail.mailAbout(email, /new device/i);
});

/** The smallest operation that asks for a field. */
function documentFor(name: string, { args, type }: GraphQLField<unknown, unknown>): string {
  const [operation = '', field = ''] = name.toLowerCase().startsWith('query')
    ? ['query', name.slice('Query.'.length)]
    : ['mutation', name.slice('Mutation.'.length)];
  const given = args
    .filter(({ type: wanted }) => isNonNullType(wanted))
    .map((argument) => `${argument.name}: ${valueFor(argument.type)}`);
  const call = given.length > 0 ? `${field}(${given.join(', ')})` : field;
  const named = isNonNullType(type) ? type.ofType : type;
  return `${operation} { ${call}${'getFields' in named ? ' { __typename }' : ''} }`;
}

function valueFor(type: unknown): string {
  const named = isNonNullType(type as never) ? (type as { ofType: unknown }).ofType : type;
  if (isInputObjectType(named)) {
    const wanted = Object.values(named.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return `{ ${wanted.map((field) => `${field.name}: ${valueFor(field.type)}`).join(', ')} }`;
  }
  switch (String(named)) {
    case 'EmailAddress':
      return '"ada@example.com"';
    case 'JSONObject':
      return '{}';
    case 'ID':
      return '"00000000-0000-7000-8000-000000000000"';
    default:
      return '"x"';
  }
}
