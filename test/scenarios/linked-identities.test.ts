import {
  CompleteProviderSignInDocument,
  ConfirmEmailChangeDocument,
  IdentitiesDocument,
  LoginDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  UndoEmailChangeDocument,
  UnlinkIdentityDocument,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { addTotp } from '../support/enrolled-person.ts';
import { type MailGateway, type Resident, startMailGateway } from '../support/mail-gateway.ts';
import { freshEmail, freshSubject, goodPassword } from '../support/people.ts';
import {
  begin,
  codeOf,
  complete,
  deliver,
  entryOf,
  linkAt,
  redirectUri,
  secretsOf,
  signInAt,
  startWithProviders,
} from '../support/provider-gateway.ts';
import { createTestClient, dataOf, refusalOf, type TestClient } from '../support/test-client.ts';
import { type Claimant, startTestProvider, type TestProvider } from '../support/test-provider.ts';

const minute = 60_000;
const newPassword = 'another horse, other staples';

/** One that asks first, one that links by itself, and one that proves no addresses. */
let confirming: TestProvider;
let eager: TestProvider;
let unproving: TestProvider;
let gateway: MailGateway;
beforeAll(async () => {
  const providers = {
    confirming: await startTestProvider(redirectUri('confirming')),
    eager: await startTestProvider(redirectUri('eager')),
    unproving: await startTestProvider(redirectUri('unproving')),
  };
  ({ confirming, eager, unproving } = providers);
  gateway = await startWithProviders(
    startMailGateway,
    [
      entryOf('confirming', confirming),
      entryOf('eager', eager, { link: 'verified-email' }),
      entryOf('unproving', unproving, { trustsEmails: false }),
    ],
    secretsOf(providers),
  );
  for (const each of Object.values(providers)) each.now = gateway.clock.now;
});
afterEach(() => gateway.query('DELETE FROM throttles'));
afterAll(async () => {
  await gateway.stop();
  await Promise.all([confirming, eager, unproving].map((each) => each.stop()));
});

const somebody = (email = freshEmail()): Claimant => {
  return { sub: freshSubject(), email, email_verified: true };
};
const browser = () => createTestClient(gateway.origin);
const logIn = (identifier: string, password = goodPassword, client = browser()) =>
  client.send(LoginDocument, { input: { identifier, password } });

/** Somebody with a password, whose address is proved. */
const settle = async (email?: string): Promise<Resident> => {
  const resident = await gateway.settle(email);
  const { token = '' } = await gateway.mail.mailAbout(resident.email, /Confirm/);
  dataOf(await resident.client.send(VerifyEmailDocument, { input: { token } }));
  return resident;
};
const identitiesOf = async ({ client, accessToken }: Pick<Resident, 'client' | 'accessToken'>) =>
  dataOf(await client.send(IdentitiesDocument, {}, { accessToken })).me?.identities ?? [];
const unlink = (id: string, who: Pick<Resident, 'client' | 'accessToken'>) =>
  who.client.send(UnlinkIdentityDocument, { id }, who);
/** A new password by the link of a mail, as the owner of the address sets it. */
const resetPassword = async (email: string) => {
  dataOf(await browser().send(RequestPasswordResetDocument, { input: { email } }));
  const { token = '' } = await gateway.mail.mailAbout(email, /Set a new password/);
  dataOf(await browser().send(ResetPasswordDocument, { input: { token, newPassword } }));
};
const arrive = async (
  identifier: string,
  password: string,
): Promise<{ client: TestClient; accessToken: string; id: string }> => {
  const client = browser();
  const { login } = dataOf(await logIn(identifier, password, client));
  return { client, accessToken: login.accessToken, id: login.user.id };
};
const accountsWith = async (email: string) =>
  gateway.query('SELECT id FROM users WHERE email = $1', [email]);

describe('an identity', () => {
  it('is linked by who is signed in, opens the account from then on, and its owner gets a mail', async () => {
    const ada = await settle();
    const who = somebody();
    dataOf(await linkAt(gateway, 'confirming', confirming, who, ada));
    await gateway.mail.mailAbout(ada.email, /Another way to sign in/);
    expect(await identitiesOf(ada)).toMatchObject([{ provider: 'confirming', email: who.email }]);
    const entered = dataOf(await signInAt(gateway, 'confirming', confirming, who));
    expect(entered.completeProviderSignIn.user).toMatchObject({
      id: ada.session.user.id,
      // The address is the account's own, whatever the provider says.
      email: ada.email,
    });
    const events = await gateway.query(
      "SELECT detail FROM audit_events WHERE user_id = $1 AND type = 'identity.linked'",
      [ada.session.user.id],
    );
    expect(events).toEqual([{ detail: { provider: 'confirming' } }]);
  });

  it('is linked a second time without another mail, and never to two accounts', async () => {
    const [ada, eve] = [await settle(), await settle()];
    const who = somebody();
    dataOf(await linkAt(gateway, 'confirming', confirming, who, ada));
    dataOf(await linkAt(gateway, 'confirming', confirming, who, ada));
    expect(await identitiesOf(ada)).toHaveLength(1);
    const taken = await linkAt(gateway, 'confirming', confirming, who, eve);
    expect(refusalOf(taken)).toBe('CONFLICT/IDENTITY_TAKEN');
    expect(await identitiesOf(eve)).toEqual([]);
  });

  it('is linked only by who has shown who they are in the last five minutes', async () => {
    const ada = await settle();
    gateway.clock.advance(5 * minute + 2_000);
    const refused = await linkAt(gateway, 'confirming', confirming, somebody(), ada);
    expect(refusalOf(refused)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    const { id } = { id: '00000000-0000-7000-8000-000000000000' };
    expect(refusalOf(await unlink(id, ada))).toBe('NOT_FOUND/IDENTITY_NOT_FOUND');
  });

  it('is linked to an account with a second factor only by who has shown that', async () => {
    const ada = await settle();
    await addTotp(gateway, ada);
    const refused = await linkAt(gateway, 'confirming', confirming, somebody(), ada);
    expect(refusalOf(refused)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    expect(refused.errors[0]?.extensions.stepUp).toMatchObject({ acr: 'aal2', methods: ['TOTP'] });
  });

  it('is linked by nobody else than who has begun: account, session and purpose are the same', async () => {
    const [ada, eve] = [await settle(), await settle()];
    const who = somebody();
    const codeFor = async (resident: Resident) => {
      const { client, accessToken } = resident;
      const input = { provider: 'confirming', returnTo: 'https://app.example.com/signed-in' };
      const begun = await client.send(
        'mutation ($input: BeginProviderLinkInput!) { beginProviderLink(input: $input) { url } }',
        { input },
        { accessToken },
      );
      const { url } = (begun.data as { beginProviderLink: { url: string } }).beginProviderLink;
      return codeOf(await deliver(gateway, await confirming.visit(url, who)));
    };
    const link =
      'mutation ($code: String!) { completeProviderLink(input: { code: $code }) { identity { id } } }';
    // The victim's browser has the attacker's code, and even the attacker's cookie.
    const stolen = await codeFor(eve);
    for (const [name, value] of eve.client.cookies) {
      if (name === 'gatehouse-provider') ada.client.cookies.set(name, value);
    }
    expect(refusalOf(await ada.client.send(link, { code: stolen }, ada))).toBe(
      'FORBIDDEN/STATE_INVALID',
    );
    // What was begun to link signs nobody in, and what was begun to sign in links nothing.
    expect(refusalOf(await complete(eve.client, await codeFor(eve)))).toBe(
      'FORBIDDEN/STATE_INVALID',
    );
    const back = await confirming.visit(await begin(eve.client, 'confirming'), who);
    const code = codeOf(await deliver(gateway, back));
    expect(refusalOf(await eve.client.send(link, { code }, eve))).toBe('FORBIDDEN/STATE_INVALID');
    expect([...(await identitiesOf(ada)), ...(await identitiesOf(eve))]).toEqual([]);
  });

  it('is unlinked, tells its owner, and opens nothing any more', async () => {
    const ada = await settle();
    const who = somebody();
    dataOf(await linkAt(gateway, 'confirming', confirming, who, ada));
    const [identity] = await identitiesOf(ada);
    dataOf(await unlink(identity?.id ?? '', ada));
    await gateway.mail.mailAbout(ada.email, /A way to sign in .* was removed/);
    expect(await identitiesOf(ada)).toEqual([]);
    const entered = dataOf(await signInAt(gateway, 'confirming', confirming, who));
    expect(entered.completeProviderSignIn.user.id).not.toBe(ada.session.user.id);
  });

  it('of somebody else is not unlinked, and not seen', async () => {
    const [ada, eve] = [await settle(), await settle()];
    dataOf(await linkAt(gateway, 'confirming', confirming, somebody(), ada));
    const [identity] = await identitiesOf(ada);
    expect(refusalOf(await unlink(identity?.id ?? '', eve))).toBe('NOT_FOUND/IDENTITY_NOT_FOUND');
    expect(await identitiesOf(ada)).toHaveLength(1);
  });

  it('is what somebody gets of themselves, and goes with the account', async () => {
    const ada = await settle();
    const who = somebody();
    dataOf(await linkAt(gateway, 'confirming', confirming, who, ada));
    const exported = await ada.client.send('mutation { exportMyData { data } }', {}, ada);
    const { data } = (exported.data as { exportMyData: { data: Record<string, unknown> } })
      .exportMyData;
    expect(data.identities).toEqual([
      expect.objectContaining({ provider: 'confirming', subject: who.sub, email: who.email }),
    ]);
    const deleted = await ada.client.send(
      'mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { success } }',
      { input: { currentPassword: goodPassword } },
      ada,
    );
    expect(deleted.errors).toEqual([]);
    const { id } = ada.session.user;
    for (const table of ['identities', 'identifiers']) {
      expect(await gateway.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [id])).toEqual([]);
    }
  });
});

describe('c11: the last way to sign in', () => {
  const signUp = async (name: string, provider: TestProvider) => {
    const client = browser();
    const who = somebody();
    const entered = dataOf(await signInAt(gateway, name, provider, who, client));
    const { accessToken, user } = entered.completeProviderSignIn;
    return { client, accessToken, who, id: user.identities[0]?.id ?? '' };
  };

  it('can not be unlinked', async () => {
    const ada = await signUp('confirming', confirming);
    expect(refusalOf(await unlink(ada.id, ada))).toBe('CONFLICT/LAST_AUTHENTICATOR');
    expect((await signInAt(gateway, 'confirming', confirming, ada.who)).errors).toEqual([]);
  });

  it('can, once there is another: an identity, or a password', async () => {
    const ada = await signUp('confirming', confirming);
    dataOf(await linkAt(gateway, 'eager', eager, somebody(), ada));
    expect((await unlink(ada.id, ada)).errors).toEqual([]);
    const eve = await signUp('confirming', confirming);
    await resetPassword(eve.who.email ?? '');
    const again = await arrive(eve.who.email ?? '', newPassword);
    expect((await unlink(eve.id, again)).errors).toEqual([]);
  });

  it('is left to one of two that are unlinked at one moment', async () => {
    const ada = await signUp('confirming', confirming);
    dataOf(await linkAt(gateway, 'eager', eager, somebody(), ada));
    const both = await identitiesOf(ada);
    const answers = await Promise.all(both.map(({ id }) => unlink(id, ada)));
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    expect(await identitiesOf(ada)).toHaveLength(1);
  });

  it('does not count one of a provider that is not asked any more', async () => {
    const ada = await signUp('confirming', confirming);
    dataOf(await linkAt(gateway, 'eager', eager, somebody(), ada));
    await gateway.query("UPDATE identities SET provider = 'gone' WHERE provider = 'eager'");
    expect(refusalOf(await unlink(ada.id, ada))).toBe('CONFLICT/LAST_AUTHENTICATOR');
  });
});

describe('c7: an address', () => {
  it.each([
    ['that the provider does not call verified', { email_verified: false }],
    ['of which it says nothing', { email_verified: undefined }],
    ['that is none', { email: 'no address' }],
    ['that is not there', { email: undefined }],
  ])('%s makes no account', async (_what, claims) => {
    const before = await gateway.query('SELECT id FROM users');
    const who = { ...somebody(), ...claims } as Claimant;
    const refused = await signInAt(gateway, 'confirming', confirming, who);
    expect(refusalOf(refused)).toBe('FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER');
    expect(await gateway.query('SELECT id FROM users')).toHaveLength(before.length);
  });

  it('of a provider that proves none makes no account, and links to none', async () => {
    const ada = await settle();
    const [stranger, who] = [somebody(), somebody(ada.email)];
    for (const each of [stranger, who]) {
      const refused = await signInAt(gateway, 'unproving', unproving, each);
      expect(refusalOf(refused)).toBe('FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER');
    }
    expect(await identitiesOf(ada)).toEqual([]);
    // Who is signed in may still link it: it opens this account, and says nothing of any address.
    dataOf(await linkAt(gateway, 'unproving', unproving, who, ada));
    const entered = dataOf(await signInAt(gateway, 'unproving', unproving, who));
    expect(entered.completeProviderSignIn.user.id).toBe(ada.session.user.id);
  });
});

describe('c9: an account whose address is proved', () => {
  it('is linked only after its own sign-in', async () => {
    const ada = await settle();
    const who = somebody(ada.email.toUpperCase());
    const refused = await signInAt(gateway, 'confirming', confirming, who);
    expect(refusalOf(refused)).toBe('CONFLICT/LINK_REQUIRED');
    expect(refused.errors[0]?.message).toContain('link the provider there');
    expect(await identitiesOf(ada)).toEqual([]);
    const again = await arrive(ada.email, goodPassword);
    dataOf(await linkAt(gateway, 'confirming', confirming, who, again));
    const entered = dataOf(await signInAt(gateway, 'confirming', confirming, who));
    expect(entered.completeProviderSignIn.user.id).toBe(ada.session.user.id);
  });

  it('is linked by itself where the operator wants it so, with a mail, and its second factor is asked for', async () => {
    const ada = await settle();
    await addTotp(gateway, ada);
    const who = somebody(ada.email);
    const asked = await signInAt(gateway, 'eager', eager, who);
    expect(refusalOf(asked)).toBe('UNAUTHENTICATED/SECOND_FACTOR_REQUIRED');
    await gateway.mail.mailAbout(ada.email, /Another way to sign in/);
    expect(await identitiesOf(ada)).toMatchObject([{ provider: 'eager' }]);
  });

  it('that is disabled is neither linked nor opened', async () => {
    const ada = await settle();
    const { id } = ada.session.user;
    await gateway.query('UPDATE users SET disabled_at = now() WHERE id = $1', [id]);
    const refused = await signInAt(gateway, 'eager', eager, somebody(ada.email));
    expect(refusalOf(refused)).toBe('FORBIDDEN/ACCOUNT_DISABLED');
    expect(await gateway.query('SELECT 1 FROM identities WHERE user_id = $1', [id])).toEqual([]);
  });
});

describe('c8: an attacker who was there first', () => {
  /** The owner of the address comes into an account in which the attacker is not. */
  const takeOver = async (email: string, attacker: Resident) => {
    await resetPassword(email);
    const owner = await arrive(email, newPassword);
    const refreshed = await attacker.client.send('mutation { refreshToken { accessToken } }');
    expect(refreshed.errors).not.toEqual([]);
    expect(refusalOf(await logIn(email))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
    return owner;
  };

  it.each(['confirming', 'eager'])(
    'story 1, %s: with the owner’s address and a password, gets no identity of the owner’s',
    async (name) => {
      const provider = name === 'eager' ? eager : confirming;
      const email = freshEmail();
      const attacker = await gateway.settle(email);
      const owner = somebody(email);
      const refused = await signInAt(gateway, name, provider, owner);
      expect(refusalOf(refused)).toBe('CONFLICT/LINK_REQUIRED');
      expect(await identitiesOf(attacker)).toEqual([]);
      const arrived = await takeOver(email, attacker);
      dataOf(await linkAt(gateway, name, provider, owner, arrived));
      const entered = dataOf(await signInAt(gateway, name, provider, owner));
      expect(entered.completeProviderSignIn.user.id).toBe(arrived.id);
    },
  );

  it('story 2: with the owner’s address and an identity of their own, can not link it', async () => {
    const email = freshEmail();
    const attacker = await gateway.settle(email);
    const own = somebody();
    const refused = await linkAt(gateway, 'confirming', confirming, own, attacker);
    expect(refusalOf(refused)).toBe('FORBIDDEN/EMAIL_NOT_VERIFIED');
    const owner = await takeOver(email, attacker);
    const entered = dataOf(await signInAt(gateway, 'confirming', confirming, own));
    expect(entered.completeProviderSignIn.user.id).not.toBe(owner.id);
  });

  it('story 3: who began to link before the proof, can not complete it after', async () => {
    const email = freshEmail();
    const attacker = await settle();
    const own = somebody();
    // The account has a proved address when the link begins, and the owner's unproved one at its end.
    const { client, accessToken } = attacker;
    const begun = await client.send(
      'mutation ($input: BeginProviderLinkInput!) { beginProviderLink(input: $input) { url } }',
      { input: { provider: 'confirming', returnTo: 'https://app.example.com/signed-in' } },
      { accessToken },
    );
    const { url } = (begun.data as { beginProviderLink: { url: string } }).beginProviderLink;
    const code = codeOf(await deliver(gateway, await confirming.visit(url, own)));
    await gateway.query(
      'UPDATE users SET email = $2, email_canonical = $2, email_verified_at = NULL WHERE id = $1',
      [attacker.session.user.id, email],
    );
    const refused = await client.send(
      'mutation ($code: String!) { completeProviderLink(input: { code: $code }) { identity { id } } }',
      { code },
      { accessToken },
    );
    expect(refusalOf(refused)).toBe('FORBIDDEN/EMAIL_NOT_VERIFIED');
  });

  it('story 4: who has the owner’s address at a provider that proves none, gets no account with it', async () => {
    const email = freshEmail();
    const attacker = somebody(email);
    const refused = await signInAt(gateway, 'unproving', unproving, attacker);
    expect(refusalOf(refused)).toBe('FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER');
    const unverified = { ...somebody(email), email_verified: false };
    expect(refusalOf(await signInAt(gateway, 'eager', eager, unverified))).toBe(
      'FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER',
    );
    const owner = dataOf(await signInAt(gateway, 'eager', eager, somebody(email)));
    expect(owner.completeProviderSignIn.user.identities).toHaveLength(1);
    const again = await signInAt(gateway, 'unproving', unproving, attacker);
    expect(refusalOf(again)).toBe('FORBIDDEN/EMAIL_UNPROVED_BY_PROVIDER');
  });

  it('story 5: whose account waits for the owner to confirm the address as its new one, loses it to the owner', async () => {
    const email = freshEmail();
    const attacker = await settle();
    const asked = await attacker.client.send(
      RequestEmailChangeDocument,
      { input: { newEmail: email, currentPassword: goodPassword } },
      attacker,
    );
    dataOf(asked);
    const { token = '' } = await gateway.mail.mailAbout(email, /Confirm your new e-mail address/);
    const owner = dataOf(await signInAt(gateway, 'eager', eager, somebody(email)));
    expect(owner.completeProviderSignIn.user.id).not.toBe(attacker.session.user.id);
    const confirmed = await attacker.client.send(
      ConfirmEmailChangeDocument,
      { input: { token } },
      attacker,
    );
    expect(refusalOf(confirmed)).toBe('CONFLICT/EMAIL_TAKEN');
    expect(await accountsWith(email)).toHaveLength(1);
  });

  it('story 6: who signed up with an identity, and whose password the owner never set, is found by it alone', async () => {
    // The owner of an address who has no account gets one of their own, though the attacker's identity
    // has had that address at the provider meanwhile.
    const email = freshEmail();
    const attacker = somebody();
    const first = dataOf(await signInAt(gateway, 'eager', eager, attacker));
    dataOf(await signInAt(gateway, 'eager', eager, { ...attacker, email }));
    const owner = dataOf(await signInAt(gateway, 'confirming', confirming, somebody(email)));
    expect(owner.completeProviderSignIn.user).toMatchObject({ email });
    expect(owner.completeProviderSignIn.user.id).not.toBe(first.completeProviderSignIn.user.id);
  });
});

describe('a7: a change of the address that is undone', () => {
  it('takes the identities away that were linked since, and keeps the older ones', async () => {
    const ada = await settle();
    const [older, newer] = [somebody(), somebody()];
    dataOf(await linkAt(gateway, 'confirming', confirming, older, ada));
    gateway.clock.advance(1_000);
    const moved = freshEmail();
    dataOf(
      await ada.client.send(
        RequestEmailChangeDocument,
        { input: { newEmail: moved, currentPassword: goodPassword } },
        ada,
      ),
    );
    const { token = '' } = await gateway.mail.mailAbout(moved, /Confirm your new e-mail address/);
    dataOf(await ada.client.send(ConfirmEmailChangeDocument, { input: { token } }, ada));
    gateway.clock.advance(1_000);
    dataOf(await linkAt(gateway, 'eager', eager, newer, ada));
    const undo = await gateway.mail.mailAbout(ada.email, /e-mail address .* was changed/);
    dataOf(await browser().send(UndoEmailChangeDocument, { input: { token: undo.token ?? '' } }));
    const kept = await gateway.query('SELECT subject FROM identities WHERE user_id = $1', [
      ada.session.user.id,
    ]);
    expect(kept).toEqual([{ subject: older.sub }]);
    const thief = await signInAt(gateway, 'eager', eager, newer);
    expect(dataOf(thief).completeProviderSignIn.user.id).not.toBe(ada.session.user.id);
  });
});

describe('SIGN_UP=closed', () => {
  it('lets nobody sign up with a provider, and who has an account sign in', async () => {
    const closed = await startWithProviders(startMailGateway, [entryOf('confirming', confirming)], {
      ...secretsOf({ confirming }),
      SIGN_UP: 'closed',
    });
    const refused = await signInAt(closed, 'confirming', confirming, somebody());
    const known = somebody();
    dataOf(await signInAt(gateway, 'confirming', confirming, known));
    const entered = await signInAt(closed, 'confirming', confirming, known);
    await closed.stop();
    expect(refusalOf(refused)).toBe('FORBIDDEN/SIGN_UP_CLOSED');
    expect(entered.errors).toEqual([]);
  });
});

it('is completed with a verifier where a cookie was never there', async () => {
  const answer = await browser().send(CompleteProviderSignInDocument, {
    input: { code: 'a'.repeat(43), codeVerifier: 'b'.repeat(43), delivery: 'BODY' },
  });
  expect(refusalOf(answer)).toBe('FORBIDDEN/STATE_INVALID');
});
