import type { RequestHandler } from 'express';
import type { KeptMail, Mailbox } from '../mail/mailbox.ts';
import { HttpError } from './http-error.ts';

/**
 * The mails that development would have sent, as pages: all of them, and each alone (`id`).
 *
 * Attack: a page on the internet whose name is made to point at this machine (DNS rebinding) reads
 * the links. Only names of this machine are answered. In production there is no mailbox, and no page.
 * And a template with a script: mails are shown in a sandbox that runs none, as mail programs show them.
 */
export function mailboxPage({ mails }: Pick<Mailbox, 'mails'>): RequestHandler<{ id?: string }> {
  return (request, response) => {
    if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|::1)$/.test(request.hostname)) {
      throw new HttpError(403, 'FORBIDDEN', 'The mailbox answers only on this machine.');
    }
    response.setHeader('cache-control', 'no-store');
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; frame-ancestors 'none'",
    );
    const { id } = request.params;
    const mail = mails().find((kept) => kept.id === id);
    if (id !== undefined && !mail) throw new HttpError(404, 'NOT_FOUND', 'There is no such mail.');
    response.type('html').send(mail ? mailPage(mail) : listPage(mails()));
  };
}

function listPage(mails: readonly KeptMail[]): string {
  const [newest, ...older] = mails;
  return page(
    'Mailbox',
    `<p>Without SMTP_URL, mails end here. The newest is first; nothing survives a restart.</p>
${newest ? article(newest, htmlPart(newest)) : '<p>Nothing yet.</p>'}
${older.map((mail) => article(mail)).join('\n')}`,
    '<meta http-equiv="refresh" content="5" />',
  );
}

/** Of one mail, which stays as it is while it is read. */
function mailPage(mail: KeptMail): string {
  const back = '<p><a href="/dev/mailbox">All mails</a></p>';
  return page('Mailbox', `${back}\n${article(mail, htmlPart(mail))}`);
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    ${head}
    <title>Gatehouse · ${escapeHtml(title)}</title>
    <style>
      body { font-family: system-ui, sans-serif; line-height: 1.5; max-width: 50rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
      h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 0; }
      p { margin: 0.25rem 0 0.75rem; }
      iframe { width: 100%; height: 42rem; max-height: 80vh; border: 1px solid #8886; border-radius: 0.5rem; }
      pre { white-space: pre-wrap; font: inherit; font-size: 0.9rem; }
    </style>
  </head>
  <body>
    <h1>${escapeHtml(title)}</h1>
${body}
  </body>
</html>
`;
}

function article({ id, at, to, subject, text }: KeptMail, html = ''): string {
  const body = escapeHtml(text).replace(/https?:\/\/[^\s<]+/g, '<a href="$&">$&</a>');
  return `    <article>
      <h2><a href="/dev/mailbox/${escapeHtml(id)}">${escapeHtml(subject)}</a></h2>
      <p>${at.toISOString()} to ${escapeHtml(to)}</p>
      ${html}
      <details><summary>as text</summary><pre>${body}</pre></details>
    </article>`;
}

/** Its links open beside the mailbox: no page of a front end lets itself be framed. */
function htmlPart({ html, subject }: KeptMail): string {
  const shown = html.replace(/<head[^>]*>/i, '$&<base target="_blank">');
  return `<iframe title="${escapeHtml(subject)}" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(shown)}"></iframe>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
