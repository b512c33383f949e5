import { randomUUID } from 'node:crypto';
import type { MailTransport } from '../../src/mail/mail-transport.ts';
import { createSmtpTransport } from '../../src/mail/smtp-transport.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { freshEmail } from '../support/people.ts';

const sender = { name: 'Gatehouse', address: 'no-reply@auth.example.com' };
const words = { subject: 'Grüße', text: 'Guten Tag,\nmit Umlaut: ä', html: '<p>ä</p>' };

describe('the SMTP transport', () => {
  let server: MailServer;
  let transport: MailTransport;
  beforeAll(async () => {
    server = await startMailServer();
    transport = createSmtpTransport(server.url, sender);
  });
  afterEach(() => server.refuse(undefined));
  afterAll(async () => {
    transport.close();
    await server.stop();
  });

  it('hands over text and HTML, with a Message-ID that follows from the id', async () => {
    const to = freshEmail();
    const id = randomUUID();
    await transport.send({ id, to, ...words });
    const [mail] = await server.mailsTo(to);
    expect(mail).toMatchObject({
      subject: 'Grüße',
      from: sender,
      messageId: `<${id}@auth.example.com>`,
      recipients: [to],
    });
    expect(mail?.text).toContain('mit Umlaut: ä');
    expect(mail?.html).toContain('<p>ä</p>');
    expect(mail?.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    );
  });

  it('adds neither header nor recipient for a line break in subject or address', async () => {
    const to = freshEmail();
    const evil = freshEmail('evil');
    const subject = `Hello\r\nBcc: ${evil}\r\n\r\nBuy now`;
    await transport.send({ id: randomUUID(), to, ...words, subject });
    const [mail] = await server.mailsTo(to);
    expect(mail).toMatchObject({ recipients: [to] });
    expect(mail?.headers.map(({ key }) => key)).not.toContain('bcc');

    for (const address of [
      `${to}\r\nRCPT TO:<${evil}>`,
      `${to}, ${evil}`,
      `${to}>\r\nBcc: ${evil}`,
    ]) {
      await transport.send({ id: randomUUID(), to: address, ...words }).catch(() => {});
    }
    const reached = server.received.flatMap(({ recipients }) => recipients);
    expect(reached.filter((address) => address === evil)).toEqual([]);
  });

  it('calls a refused recipient final, and a busy server not', async () => {
    const mail = { id: randomUUID(), to: freshEmail(), ...words };
    server.refuse(550);
    await expect(transport.send(mail)).rejects.toMatchObject({ permanent: true });
    server.refuse(451);
    await expect(transport.send(mail)).rejects.toMatchObject({ permanent: false });
  });

  it('calls a server that is not there not final, and names no address', async () => {
    const nowhere = createSmtpTransport('smtp://127.0.0.1:1', sender);
    const to = freshEmail();
    const failure = await nowhere.send({ id: randomUUID(), to, ...words }).catch((error) => error);
    expect(failure).toMatchObject({ name: 'MailFailure', permanent: false });
    expect(String(failure.stack)).not.toContain(to);
    nowhere.close();
  });

  it('sends nothing in the clear to a server that offers no TLS on another machine', async () => {
    // The test's server offers none, and under this address it does not count as this machine.
    const { port } = new URL(server.url);
    const strict = createSmtpTransport(`smtp://0.0.0.0:${port}`, sender);
    const to = freshEmail();
    await expect(strict.send({ id: randomUUID(), to, ...words })).rejects.toMatchObject({
      permanent: false,
    });
    expect(server.received.flatMap(({ recipients }) => recipients)).not.toContain(to);
    strict.close();
  });
});
