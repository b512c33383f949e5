import { documentsOf } from '../support/markdown-documents.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

type Data = Record<
  string,
  { accessToken: string; supersededGuestId?: string; user: { id: string } }
>;

/** Each document of the page, as somebody would send it who reads on from the top. */
describe('docs/guests.md', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ GUESTS: 'on' });
  });
  afterAll(() => gateway.stop());

  const documents = documentsOf('docs/guests.md');
  const send = async (name: string, email: string, accessToken?: string) => {
    const shown = documents.find((each) => each.name === name);
    if (!shown) throw new Error(`no document ${name}`);
    const variables = JSON.parse(shown.variables.replaceAll('ada@example.com', email));
    const given = accessToken === undefined ? {} : { accessToken };
    const client = createTestClient(gateway.origin);
    const data = dataOf(await client.send<Data, object>(shown.document, variables, given));
    return Object.values(data)[0] as Data[string];
  };

  it('makes an account of a guest, document by document, and says who signed in elsewhere', async () => {
    const email = freshEmail();
    const guest = await send('SignInAsGuest', email);
    const account = await send('RegisterGuest', email, guest.accessToken);
    expect(account.user.id).toBe(guest.user.id);
    const other = await send('SignInAsGuest', email);
    const back = await send('LoginAsGuest', email, other.accessToken);
    expect(back).toMatchObject({ supersededGuestId: other.user.id, user: { id: guest.user.id } });
    expect(documents.map(({ name }) => name)).toEqual([
      'SignInAsGuest',
      'RegisterGuest',
      'LoginAsGuest',
    ]);
  });
});
