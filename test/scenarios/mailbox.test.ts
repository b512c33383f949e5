import { request } from 'node:http';
import { freshEmail } from '../support/people.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('the mailbox page', () => {
  let gateway: TestGateway;
  afterEach(() => gateway.stop());

  it('shows in development what would have been sent, as HTML and as text', async () => {
    gateway = await startTestGateway({ PRODUCT_NAME: 'Tom & Co' });
    const recipient = freshEmail();
    await gateway.query(
      `INSERT INTO mail_outbox (id, template, locale, recipient, attempts, due_at, created_at)
       VALUES (gen_random_uuid(), 'account-deleted', 'de', $1, 0, 'epoch', 'epoch')`,
      [recipient],
    );
    let page = '';
    while (!page.includes(recipient)) page = (await get(gateway, 'localhost')).body;
    expect(page).toContain('Ihr Konto bei Tom &#38; Co wurde gelöscht');
    expect(page).toContain('Dies ist die letzte Nachricht dazu.\n\nFür: ');
    const [, id = ''] = /href="\/dev\/mailbox\/([\w-]+)"/.exec(page) ?? [];
    const alone = await get(gateway, 'localhost', `/dev/mailbox/${id}`);
    for (const shown of [page, alone.body]) {
      expect(shown).toMatch(
        /<iframe [^>]*sandbox="allow-popups [^>]* srcdoc="&#60;!doctype html&#62;/,
      );
    }
    // Who reads one is not interrupted.
    expect(page).toContain('http-equiv="refresh"');
    expect(alone.body).not.toContain('http-equiv="refresh"');
    expect(alone.policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; img-src/);
    expect((await get(gateway, 'localhost', '/dev/mailbox/none')).status).toBe(404);
    expect((await get(gateway, 'evil.example.com', `/dev/mailbox/${id}`)).status).toBe(403);
  });

  it('answers under no name but those of this machine', async () => {
    gateway = await startTestGateway();
    expect((await get(gateway, 'evil.example.com')).status).toBe(403);
    expect((await get(gateway, '127.0.0.1')).status).toBe(200);
  });

  it.each([
    ['with a mail server', { SMTP_URL: 'smtp://127.0.0.1:1' }],
    ['without one', {}],
  ])('is refused in production, %s', async (_name, mail) => {
    gateway = await startTestGateway({
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://auth.example.com',
      ALLOW_EMBEDDED: 'true',
      HOST: '127.0.0.1',
      BCRYPT_COST: '10',
      ...mail,
    });
    const { status, body } = await get(gateway, 'localhost');
    expect(status).toBe(404);
    expect(JSON.parse(body).errors[0].extensions.code).toBe('NOT_FOUND');
  });
});

function get(
  { origin }: TestGateway,
  host: string,
  path = '/dev/mailbox',
): Promise<{ status: number; body: string; policy: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${path}`, { headers: { host } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({
        status: response.statusCode ?? 0,
        body: Buffer.concat(chunks).toString(),
        policy: String(response.headers['content-security-policy']),
      });
    });
    sent.on('error', reject).end();
  });
}
