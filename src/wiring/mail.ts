import { createCompleteMail } from '../accounts/complete-mail.ts';
import { knownDeviceOf } from '../graphql/sessions/device.ts';
import { createDeliverMails } from '../mail/deliver-mails.ts';
import { createLinkTo } from '../mail/mail-links.ts';
import { type MailTransport, noTransport } from '../mail/mail-transport.ts';
import { createMailbox, type Mailbox } from '../mail/mailbox.ts';
import type { RenderMail } from '../mail/render-mail.ts';
import type { Sender } from '../mail/smtp-transport.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Storage } from './storage.ts';

/** Milliseconds between two looks at the outbox. No request waits for one, or causes one. */
const usualInterval = 500;

/**
 * Delivers what the outbox holds.
 *
 * @returns the mailbox where mails go in development without a mail server
 * @throws Error when an operator's template can't be used
 */
export async function startMailDelivery(
  { config, now, timers, log, onStop }: Base,
  { stores }: Storage,
  { oneTimeTokens, signInCodes }: Credentials,
  interval = usualInterval,
): Promise<Mailbox | undefined> {
  const { smtpUrl, from, templates, productName, logoUrl, linkBase } = config.mail;
  const mailbox = smtpUrl === undefined && !config.production ? createMailbox(now) : undefined;
  const transport = smtpUrl === undefined ? mailbox : await openSmtp(smtpUrl, from);
  if (!transport) log.warn('mail.not_configured');
  const deliver = createDeliverMails({
    outbox: stores.outbox,
    now,
    // Without a way to send them, mails are forgotten.
    complete: !transport
      ? async () => undefined
      : createCompleteMail({
          accounts: stores.accounts,
          tokens: oneTimeTokens,
          codes: signInCodes,
          isSignUpOpen: config.signUp === 'open',
          now,
          linkTo: createLinkTo(linkBase),
          product: productName,
          logo: logoUrl ?? '',
          deviceOf: knownDeviceOf,
        }),
    render: await openRenderMail(templates),
    transport: transport ?? noTransport,
    onFailed: ({ template }, why) =>
      log.warn({ detail: `${template}: ${why}` }, 'mail.delivery_failed'),
    async onAbandoned({ template, userId, attempts }, why) {
      log.error({ detail: `${template}: ${why}` }, 'mail.abandoned');
      await stores.audit.record({
        type: 'mail.abandoned',
        at: now(),
        userId,
        sessionId: null,
        ip: null,
        userAgent: null,
        detail: { template, why, attempts },
      });
    },
  });

  let stopped = false;
  let round: Promise<void> | undefined;
  const drain = async () => {
    while (!stopped && (await deliver()) > 0);
  };
  timers.every(interval, () => {
    round ??= drain()
      .catch((err: unknown) => log.warn({ err }, 'mail.outbox_failed'))
      .finally(() => {
        round = undefined;
      });
  });
  onStop(async () => {
    stopped = true;
    await round;
    transport?.close();
  });
  return mailbox;
}

/** Loaded only where there is a mail server. */
async function openSmtp(...server: [url: string, from: Sender]): Promise<MailTransport> {
  const { createSmtpTransport } = await import('../mail/smtp-transport.ts');
  return createSmtpTransport(...server);
}

/** Loaded with the first mail, or at the start where there are templates of an operator to be tried. */
async function openRenderMail(templates: string | undefined) {
  let opened: RenderMail | undefined;
  const open = async () => {
    const { createRenderMail } = await import('../mail/render-mail.ts');
    opened ??= createRenderMail(templates);
    return opened;
  };
  if (templates !== undefined) await open();
  return async (...mail: Parameters<RenderMail>) => (await open())(...mail);
}
