import { execFileSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail extends Email {
  /** To whom the envelope says that it goes. */
  readonly recipients: readonly string[];
  /** The token that its link carries. */
  readonly token: string | undefined;
}

/** A real mail server on a free port, whose mails a test reads. */
export interface MailServer {
  readonly url: string;
  /** Everything that was handed over, repeated deliveries too. */
  readonly received: readonly ReceivedMail[];
  /** The `count` first mails to an address, when they are there. */
  readonly mailsTo: (address: string, count?: number) => Promise<readonly ReceivedMail[]>;
  /** The newest mail to an address, when there is one with this subject. */
  readonly mailAbout: (address: string, subject: RegExp) => Promise<ReceivedMail>;
  /** Answers every recipient like this instead of taking the mail; undefined ends that. */
  readonly refuse: (code: number | undefined) => void;
  readonly stop: () => Promise<void>;
}

/** @param options `selfSigned`: it offers STARTTLS with a certificate that it made itself */
export async function startMailServer(
  options: { readonly selfSigned?: boolean } = {},
): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  let refusal: number | undefined;
  const server = new SMTPServer({
    authOptional: true,
    ...(options.selfSigned ? selfSigned() : { disabledCommands: ['STARTTLS'] }),
    onRcptTo(_address, _session, callback) {
      if (refusal === undefined) return callback();
      callback(Object.assign(new Error('not now'), { responseCode: refusal }));
    },
    async onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const mail = await PostalMime.parse(Buffer.concat(chunks));
      const recipients = envelope.rcptTo.map(({ address }) => address);
      received.push({ ...mail, recipients, token: /#token=([\w.-]+)/.exec(mail.text ?? '')?.[1] });
      callback();
      for (const look of waiting) look();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;

  const until = <Result>(find: () => Result | undefined) =>
    new Promise<Result>((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const to = (address: string) => received.filter(({ recipients }) => recipients.includes(address));

  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    mailsTo: (address, count = 1) =>
      until(() => (to(address).length >= count ? to(address).slice(0, count) : undefined)),
    mailAbout: (address, subject) =>
      until(() => to(address).findLast((mail) => subject.test(mail.subject ?? ''))),
    refuse(code) {
      refusal = code;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A key and a certificate that vouches for itself. */
function selfSigned() {
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2';
  const names = ['-subj', '/CN=mail.example.com', '-keyout', '-', '-out', '-'];
  const pem = execFileSync('openssl', [...request.split(' '), ...names], { stdio: 'pipe' });
  return { key: pem, cert: pem };
}
