import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { codeIn } from '../support/mail-sign-in.ts';
import { documentsOf } from '../support/markdown-documents.ts';
import { freshEmail } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';

type Data = Record<string, Record<string, unknown>>;

/** Each document of the page, with the variables below it, as somebody would send them who reads on. */
describe('docs/email-sign-in.md', () => {
  let gateway: MailGateway;
  beforeAll(async () => {
    gateway = await startMailGateway({ EMAIL_SIGN_IN: 'link' });
  });
  afterAll(() => gateway.stop());

  it('is good, document by document', async () => {
    const documents = documentsOf('docs/email-sign-in.md');
    expect(documents.map(({ name }) => name)).toEqual([
      'SignInOptions',
      'RequestSignInEmail',
      'SignInWithEmailCode',
      'SignInWithEmailLink',
    ]);
    const email = freshEmail();
    const app = createTestClient(gateway.origin);
    const send = async (client: typeof app, name: string, put: Record<string, unknown>) => {
      const found = documents.find((each) => each.name === name);
      const { input = {} } = JSON.parse(found?.variables ?? '{}');
      const given = Object.fromEntries(
        Object.entries<unknown>(input).map(([field, value]) => [field, put[field] ?? value]),
      );
      const answer = await client.send<Data, object>(found?.document ?? '', { input: given });
      return Object.values(dataOf(answer))[0] ?? {};
    };
    expect(await send(app, 'SignInOptions', {})).toMatchObject({ emailSignIn: 'LINK' });
    const { requestId, binding } = await send(app, 'RequestSignInEmail', { email });
    const [mail] = await gateway.mail.mailsTo(email);
    const code = codeIn(mail ?? {});
    const { refreshToken } = await send(app, 'SignInWithEmailCode', { requestId, binding, code });
    expect(refreshToken).not.toBeNull();

    const browser = createTestClient(gateway.origin);
    const request = documents.find(({ name }) => name === 'RequestSignInEmail')?.document ?? '';
    dataOf(await browser.send(request, { input: { email } }));
    const [, second] = await gateway.mail.mailsTo(email, 2);
    const { user } = await send(browser, 'SignInWithEmailLink', { token: second?.token });
    expect(user).toMatchObject({ id: expect.any(String) });
  });
});
