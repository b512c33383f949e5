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

  it('calls it not final when the server wants a password of ours', async () => {
    server.refuse(530);
    await expect(
      transport.send({ id: randomUUID(), to: freshEmail(), ...words }),
    ).rejects.toMatchObject({ permanent: false, message: expect.stringContaining('password') });
  });

  it('calls a server that is not there not final, and names no address', async () => {
    const nowhere = createSmtpTransport('smtp://127.0.0.1:1', sender);
    const to = freshEmail();
    const failure = await nowhere.send({ id: randomUUID(), to, ...words }).catch((error) => error);
    expect(failure).toMatchObject({ name: 'MailFailure', permanent: false });
    expect(failure.message).toBe('nothing listens at this host and port (ECONNREFUSED)');
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
      message: 'the server offers no STARTTLS, or it failed (ETLS 500)',
    });
    expect(server.received.flatMap(({ recipients }) => recipients)).not.toContain(to);
    strict.close();
  });

  it('sends in the clear to another machine where SMTP_URL says ignoreTLS=true', async () => {
    const { port } = new URL(server.url);
    const open = createSmtpTransport(`smtp://0.0.0.0:${port}?ignoreTLS=true`, sender);
    const to = freshEmail();
    await open.send({ id: randomUUID(), to, ...words });
    await server.mailsTo(to);
    open.close();
  });
});

describe('a mail server with a certificate of its own', () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer({ selfSigned: true });
  });
  afterAll(() => server.stop());

  const send = async (host: string, options = '') => {
    const { port } = new URL(server.url);
    const transport = createSmtpTransport(`smtp://${host}:${port}${options}`, sender);
    const to = freshEmail();
    try {
      await transport.send({ id: randomUUID(), to, ...words });
      return (await server.mailsTo(to)).length;
    } finally {
      transport.close();
    }
  };

  it.each(['localhost', '127.0.0.1'])('just works at %s', async (host) => {
    expect(await send(host)).toBe(1);
  });

  it('is refused on another machine, and the reason says why', async () => {
    await expect(send('0.0.0.0')).rejects.toMatchObject({
      permanent: false,
      message: 'its certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
  });

  it('works there with the option that docs/mails.md names', async () => {
    expect(await send('0.0.0.0', '?tls.rejectUnauthorized=false')).toBe(1);
  });
});
