import { createTransport } from 'nodemailer';
import { MailFailure, type MailTransport } from './mail-transport.ts';
import { toMailFailure } from './smtp-failure.ts';

export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** Milliseconds. Together shorter than a claim of the outbox lasts. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };
const deadline = 60_000;

/**
 * Speaks SMTP.
 *
 * Attacks: a line break in an address or a subject that adds headers or recipients (addresses are
 * given as objects and never parsed as lists; nodemailer folds what is left); a network that strips
 * STARTTLS, or shows a certificate of its own (both are refused, but for a server on this machine, which
 * no network stands before); a log that collects addresses (the server's own words stay out of it).
 */
export function createSmtpTransport(url: string, from: Sender): MailTransport {
  const { hostname, protocol, searchParams } = new URL(url);
  const isLocal = /^((.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  const isOpen = searchParams.get('ignoreTLS') === 'true';
  const mustUpgrade = protocol === 'smtp:' && !isLocal && !isOpen;
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    ...patience,
    ...(mustUpgrade ? { requireTLS: true } : {}),
    ...(isLocal ? { tls: { rejectUnauthorized: false } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);

  return {
    async send({ id, to, subject, text, html }) {
      const sent = transport.sendMail({
        messageId: `<${id}@${domain}>`,
        from: { ...from },
        to: { name: '', address: to },
        subject,
        text,
        html,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      });
      await withDeadline(sent).catch((error: unknown) => {
        throw toMailFailure(error);
      });
    },
    close: () => transport.close(),
  };
}

async function withDeadline(sent: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new MailFailure('deadline', false)), deadline);
  });
  await Promise.race([sent, late]).finally(() => clearTimeout(timer));
}
