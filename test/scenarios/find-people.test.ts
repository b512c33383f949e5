import { CreateUserDocument, UsersDocument } from '../generated/administration/graphql.ts';
import { UpdateProfileDocument } from '../generated/graphql.ts';
import { registerAdministrator, type TestAdministrator } from '../support/administrators.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const reason = 'joined the team';

describe('administrators look for people', () => {
  let gateway: TestGateway;
  let admin: TestAdministrator;
  let mark: string;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = await registerAdministrator(gateway);
    mark = Date.now().toString(36);
    const email = `ada.${mark}@sub-${mark}.example.org`;
    const input = { email, username: `count_${mark}`, firstName: 'Ada Özgür', reason };
    dataOf(await admin.ask(CreateUserDocument, { input: { ...input, lastName: `Love${mark}` } }));
  });
  afterAll(() => gateway.stop());

  const found = async (search: string) => {
    const answer = await admin.ask(UsersDocument, { filter: { search }, first: 100 });
    return dataOf(answer).users.nodes.map(({ email }) => email);
  };

  it.each([
    ['the beginning of the address', () => `ada.${mark}`],
    ['the middle of it', () => `${mark}@SUB`],
    ['its end', () => `sub-${mark}.example.org`],
    ['a part of the username', () => `unt_${mark}`],
    ['a part of the last name, in any case', () => `LOVE${mark}`],
    ['first and last name', () => `ÖZGÜR love${mark}`],
    ['with blanks around', () => `  ove${mark} `],
  ])('by %s', async (_part, search) => {
    expect(await found(search())).toEqual([`ada.${mark}@sub-${mark}.example.org`]);
  });

  it.each(['%', '_', '\\'])('takes %s as it stands', async (sign) => {
    expect(await found(`ada${sign}${mark}`)).toEqual([]);
  });

  it('by less than three characters at the beginning of an address or a username', async () => {
    const answer = await admin.ask(CreateUserDocument, {
      input: { email: freshEmail('9q'), reason },
    });
    const { email } = dataOf(answer).createUser.user;
    expect(await found('9q')).toContain(email);
  });

  it('under the names that they have now, and no longer under the old ones', async () => {
    const { accessToken, email } = await registerAdministrator(gateway);
    const client = createTestClient(gateway.origin);
    const rename = async (lastName: string) =>
      dataOf(await client.send(UpdateProfileDocument, { input: { lastName } }, { accessToken }));
    await rename(`Before${mark}`);
    expect(await found(`before${mark}`)).toEqual([email]);
    await rename(`After${mark}`);
    expect(await found(`before${mark}`)).toEqual([]);
    expect(await found(`after${mark}`)).toEqual([email]);
  });

  it('where a part belongs to thousands, page by page and each once', async () => {
    await gateway.query(
      `WITH made AS (
         INSERT INTO users (id, email, email_canonical, password_hash, last_seen_at, created_at, updated_at)
         SELECT gen_random_uuid(), e, e, '!', t, t, t
         FROM (SELECT $1 || i || '@many.example' AS e, now() - i * interval '1 s' AS t
               FROM generate_series(1, 2100) AS i) AS r
         RETURNING id, email)
       INSERT INTO user_search (user_id, text) SELECT id, email FROM made`,
      [`many${mark}-`],
    );
    const met = new Set<string | null>();
    const filter = { search: `any${mark}-` };
    for (let after: string | null = null, pages = 0; pages < 22; pages += 1) {
      const answer: unknown = await admin.ask(UsersDocument, { filter, first: 100, after });
      const { users } = dataOf(answer as Awaited<ReturnType<typeof askUsers>>);
      for (const { email } of users.nodes) met.add(email);
      after = users.pageInfo.endCursor;
    }
    expect(met.size).toBe(2_100);
  });

  const askUsers = (after: string | null) => admin.ask(UsersDocument, { after });
});
