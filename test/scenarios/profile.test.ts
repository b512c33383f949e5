import { randomUUID } from 'node:crypto';
import {
  LoginDocument,
  MyAccountDocument,
  UpdateProfileDocument,
  type UpdateProfileInput,
} from '../generated/graphql.ts';
import {
  registerAdministrator,
  registerPerson,
  type TestPerson,
} from '../support/administrators.ts';
import { goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('a profile', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  const update = (person: Pick<TestPerson, 'accessToken'>, input: UpdateProfileInput) =>
    createTestClient(gateway.origin).send(UpdateProfileDocument, { input }, person);
  const accountOf = async (person: TestPerson) =>
    dataOf(await createTestClient(gateway.origin).send(MyAccountDocument, {}, person)).me;

  it('is changed field by field: what is absent stays, null takes away', async () => {
    const ada = await registerPerson(gateway);
    const username = freshUsername();
    const avatarUrl = 'https://pictures.example.com/ada.png';
    const names = { firstName: 'Ada', lastName: 'Lovelace' };
    const answer = dataOf(await update(ada, { ...names, username, avatarUrl }));
    const expected = { ...names, id: ada.id, email: ada.email, username, avatarUrl };
    expect(answer.updateProfile.user).toMatchObject(expected);
    expect(await accountOf(ada)).toMatchObject(expected);

    dataOf(await update(ada, { lastName: null, avatarUrl: null }));
    const later = { ...expected, lastName: null, avatarUrl: null };
    expect(await accountOf(ada)).toMatchObject(later);
    dataOf(await update(ada, {}));
    expect(await accountOf(ada)).toMatchObject(later);
  });

  it('is in the audit trail by the names of its fields, never their values', async () => {
    const ada = await registerPerson(gateway);
    dataOf(await update(ada, { firstName: 'Ada', username: null }));
    dataOf(await update(ada, {}));
    const events = await gateway.query(
      `SELECT session_id, detail FROM audit_events WHERE user_id = $1 AND type = 'profile.updated'`,
      [ada.id],
    );
    expect(events).toEqual([
      { session_id: ada.sessionId, detail: { fields: expect.stringMatching(/^\w+ \w+$/) } },
    ]);
    expect(events[0].detail.fields.split(' ').sort()).toEqual(['firstName', 'username']);
  });

  it('lets its holder log in by the new username, in any case, and by the old one no more', async () => {
    const ada = await registerPerson(gateway);
    const [before, after] = [freshUsername(), freshUsername()];
    for (const username of [before, after]) dataOf(await update(ada, { username }));
    const logIn = (identifier: string) =>
      createTestClient(gateway.origin).send(LoginDocument, {
        input: { identifier, password: goodPassword },
      });
    expect(dataOf(await logIn(after.toUpperCase())).login.user.id).toBe(ada.id);
    expect(refusalOf(await logIn(before))).toBe('UNAUTHENTICATED/INVALID_CREDENTIALS');
  });

  it('names every field that breaks a rule, and changes none of the others', async () => {
    const ada = await registerPerson(gateway);
    const answer = await update(ada, {
      username: 'a@b.example',
      firstName: 'x'.repeat(101),
      lastName: 'Lovelace',
      avatarUrl: 'no address',
    });
    expect(refusalOf(answer)).toBe('BAD_USER_INPUT');
    expect(fieldsOf(answer)).toEqual([
      'username USERNAME',
      'firstName MAX_LENGTH',
      'avatarUrl HTTPS_URL',
    ]);
    expect(await accountOf(ada)).toMatchObject({ firstName: null, lastName: null });
  });

  it.each([
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:image/svg+xml,<svg/>'],
    ['a page without TLS', 'http://pictures.example.com/ada.png'],
    ['an address with a password', 'https://ada:secret@pictures.example.com/ada.png'],
    ['an endless address', `https://pictures.example.com/${'x'.repeat(2_048)}`],
    ['one that grows when it is written out', `https://pictures.example.com/${'ü'.repeat(1_000)}`],
    ['nothing', ''],
  ])('takes no picture that is %s', async (_name, avatarUrl) => {
    const ada = await registerPerson(gateway);
    const answer = await update(ada, { avatarUrl });
    expect(fieldsOf(answer)).toEqual(['avatarUrl HTTPS_URL']);
    expect(answer.text).not.toContain('example.com');
    expect(await accountOf(ada)).toMatchObject({ avatarUrl: null });
  });

  it('gives a username that two want at once, in whatever case, to one of them', async () => {
    const people = await Promise.all([1, 2, 3].map(() => registerPerson(gateway)));
    const username = freshUsername();
    const answers = await Promise.all(
      people.map((person, turn) =>
        update(person, { username: turn === 0 ? username.toUpperCase() : username }),
      ),
    );
    const refused = answers.filter(({ errors }) => errors.length > 0);
    expect(refused.map(refusalOf)).toEqual(Array(2).fill('CONFLICT/USERNAME_TAKEN'));
    const [{ count }] = await gateway.query(
      'SELECT count(*)::int FROM users WHERE username_canonical = $1',
      [username],
    );
    expect(count).toBe(1);
  });

  it('is changed by its holder alone: not by a stranger, not by who acts in their name', async () => {
    const ada = await registerPerson(gateway);
    expect(refusalOf(await update({ accessToken: '' }, { firstName: 'Eve' }))).toBe(
      'UNAUTHENTICATED/TOKEN_MISSING',
    );
    const admin = await registerAdministrator(gateway);
    const impersonated = await createTestClient(gateway.origin, '/admin/graphql').send<
      { impersonate: { accessToken: string } },
      object
    >(
      `mutation ($id: ID!) { impersonate(input: { userId: $id, reason: "ticket" }) { accessToken } }`,
      { id: ada.id },
      admin,
    );
    const { accessToken } = dataOf(impersonated).impersonate;
    expect(refusalOf(await update({ accessToken }, { firstName: 'Eve' }))).toBe(
      'FORBIDDEN/POLICY_DENIED',
    );
    expect(await accountOf(ada)).toMatchObject({ firstName: null });
  });

  it('is changed so often an hour, and tries out no more usernames than that', async () => {
    const ada = await registerPerson(gateway);
    const taken = freshUsername();
    dataOf(await update(await registerPerson(gateway), { username: taken }));
    const outcomes: string[] = [];
    for (let turn = 0; turn < 61; turn += 1) {
      outcomes.push(refusalOf(await update(ada, { username: taken })));
    }
    expect(outcomes.slice(0, 60)).toEqual(Array(60).fill('CONFLICT/USERNAME_TAKEN'));
    expect(outcomes[60]).toBe('RATE_LIMITED');
  });
});

function freshUsername(): string {
  return `u-${randomUUID().slice(0, 24)}0`;
}

function fieldsOf({ errors }: TestAnswer<unknown>): readonly string[] {
  return errors.flatMap(({ extensions }) =>
    (extensions.fields ?? []).map(({ path, rule }) => `${path} ${rule}`),
  );
}
