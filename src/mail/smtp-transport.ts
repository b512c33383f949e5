import { createTransport } from 'nodemailer';
import { MailFailure, type MailTransport } from './mail-transport.ts';

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
 * STARTTLS (it is required, but for a server on this machine); a log that collects addresses (the
 * server's own words stay out of it).
 */
export function createSmtpTransport(url: string, from: Sender): MailTransport {
  const { hostname, protocol, searchParams } = new URL(url);
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  const mustUpgrade = protocol === 'smtp:' && !isLocal && !searchParams.has('ignoreTLS');
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    ...patience,
    ...(mustUpgrade ? { requireTLS: true } : {}),
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
        throw toFailure(error);
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

function toFailure(error: unknown): MailFailure {
  if (error instanceof MailFailure) return error;
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  // Only what the server says about this very mail is final; a wrong password of ours is not.
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  const permanent = isAboutMail && responseCode !== undefined && responseCode >= 500;
  return new MailFailure([code, responseCode].filter(Boolean).join(' ') || 'unknown', permanent);
}
