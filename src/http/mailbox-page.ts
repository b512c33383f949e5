import type { RequestHandler } from 'express';
import type { KeptMail, Mailbox } from '../mail/mailbox.ts';
import { HttpError } from './http-error.ts';

/**
 * The mails that development would have sent, as a page.
 *
 * Attack: a page on the internet whose name is made to point at this machine (DNS rebinding) reads
 * the links. Only names of this machine are answered. In production there is no mailbox, and no page.
 */
export function mailboxPage({ mails }: Pick<Mailbox, 'mails'>): RequestHandler {
  return (request, response) => {
    if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|::1)$/.test(request.hostname)) {
      throw new HttpError(403, 'FORBIDDEN', 'The mailbox answers only on this machine.');
    }
    response.setHeader('cache-control', 'no-store');
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    response.type('html').send(page(mails()));
  };
}

function page(mails: readonly KeptMail[]): string {
  const list = mails.length === 0 ? '<p>Nothing yet.</p>' : mails.map(article).join('\n');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="refresh" content="5" />
    <title>Gatehouse · mailbox</title>
    <style>body { font-family: sans-serif; max-width: 50em; margin: 2em auto; } pre { white-space: pre-wrap; }</style>
  </head>
  <body>
    <h1>Mailbox</h1>
    <p>Without SMTP_URL, mails end here. The newest is first; nothing survives a restart.</p>
${list}
  </body>
</html>
`;
}

function article({ at, to, subject, text }: KeptMail): string {
  const body = escapeHtml(text).replace(/https?:\/\/[^\s<]+/g, '<a href="$&">$&</a>');
  return `    <article>
      <h2>${escapeHtml(subject)}</h2>
      <p>${at.toISOString()} to ${escapeHtml(to)}</p>
      <pre>${body}</pre>
    </article>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
