import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locales } from '../../src/mail/locale.ts';
import { mailTemplates } from '../../src/mail/mail-template.ts';
import { createRenderMail } from '../../src/mail/render-mail.ts';

const values = {
  product: 'Tom & Co',
  link: 'https://app.example.com/verify-email#token=a.b.c',
  hours: 24,
  minutes: 1_440,
};

const leadingNowhere: readonly string[] = ['account-deleted', 'email-left'];

describe('the built-in mails', () => {
  const render = createRenderMail(undefined);

  it.each(mailTemplates)('say %s in every language, in text and in HTML', (template) => {
    const mails = locales.map((locale) => render(template, locale, values));
    for (const { subject, text, html } of mails) {
      expect(subject).toContain('Tom & Co');
      expect(text).toContain('Tom & Co');
      expect(html).toContain('Tom &amp; Co');
      expect(`${subject}${text}${html}`).not.toMatch(/\{\{|undefined/);
    }
    expect(new Set(mails.map(({ text }) => text)).size).toBe(locales.length);
  });

  it.each(mailTemplates.filter((template) => !leadingNowhere.includes(template)))(
    'carry the link of %s, whole',
    (template) => {
      const { text, html } = render(template, 'en', values);
      expect(text).toContain(values.link);
      expect(html).toContain('href="https://app.example.com/verify-email#token&#x3D;a.b.c"');
    },
  );
});

describe('files of MAIL_TEMPLATES', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-mails-'));
    mkdirSync(join(folder, 'de'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

  it('take the place of one part in one language', () => {
    write('de/verify-email.subject.hbs', 'Hallo\nvon {{product}}');
    const render = createRenderMail(folder);
    const builtIn = createRenderMail(undefined);
    expect(render('verify-email', 'de', values)).toEqual({
      ...builtIn('verify-email', 'de', values),
      subject: 'Hallo von Tom & Co',
    });
    expect(render('verify-email', 'en', values)).toEqual(builtIn('verify-email', 'en', values));
  });

  it.each([
    ['no template', 'de/verify-email.text.hbs', '{{#if}', /verify-email\.text\.hbs/],
    [
      'what mails do not know',
      'de/verify-email.html.hbs',
      '{{password}}',
      /verify-email\.html\.hbs/,
    ],
    ['a name that no mail has', 'de/verify_email.html.hbs', 'x', /de\/verify_email\.html\.hbs/],
  ])('stop the start when they hold %s', (_name, path, text, message) => {
    write(path, text);
    expect(() => createRenderMail(folder)).toThrow(message);
  });
});
