import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locales } from '../../src/mail/locale.ts';
import { mailTemplates } from '../../src/mail/mail-template.ts';
import { createRenderMail } from '../../src/mail/render-mail.ts';

const hour = 3_600;
const facts = {
  product: 'Tom & Co',
  logo: 'https://app.example.com/logo.png?size=2&dark=0',
  link: 'https://app.example.com/verify-email#token=a.b.c',
  code: '123456',
  lifetime: 24 * hour,
  recipient: 'ada+"x"@example.com',
  at: new Date('2026-11-28T15:04:05Z'),
  device: { browser: 'Firefox', system: 'Linux' },
};

const leadingNowhere: readonly string[] = ['account-deleted', 'email-left', 'sign-in-code'];

describe('the built-in mails', () => {
  const render = createRenderMail(undefined);

  it.each(mailTemplates)('say %s in every language, in text and in HTML', (template) => {
    const mails = locales.map((locale) => render(template, locale, facts));
    for (const { subject, text, html } of mails) {
      expect(subject).toContain('Tom & Co');
      expect(text).toContain('Tom & Co');
      expect(html).toContain('Tom &amp; Co');
      expect(`${subject}${text}${html}`).not.toMatch(/\{\{|undefined/);
    }
    expect(new Set(mails.map(({ text }) => text)).size).toBe(locales.length);
  });

  it.each(mailTemplates)('say in %s for whom it is, when and from which device', (template) => {
    const english = render(template, 'en', facts);
    const german = render(template, 'de', facts);
    const known = [
      [english.text, facts.recipient, '28 November 2026 at 15:04 UTC', 'Firefox on Linux'],
      [german.text, facts.recipient, '28. November 2026 um 15:04 UTC', 'Firefox unter Linux'],
      [english.html, 'ada+&quot;x&quot;@example.com', '15:04 UTC', 'Firefox on Linux'],
    ] as const;
    for (const [mail, ...parts] of known) for (const part of parts) expect(mail).toContain(part);
  });

  it.each([
    [{ browser: null, system: 'Android' }, 'Device: Android\n'],
    [{ browser: null, system: null }, 'Device: an unknown device\n'],
    [undefined, undefined],
  ])('call the device %j as far as it is known', (device, line) => {
    const { text, html } = render('reset-password', 'en', { ...facts, device });
    if (line) expect(text).toContain(line);
    else expect(`${text}${html}`).not.toContain('Device');
  });

  it.each([
    [hour / 2, '30 minutes', '30 Minuten'],
    [hour, '1 hour', '1 Stunde'],
    [24 * hour, '24 hours', '24 Stunden'],
    [72 * hour, '72 hours', '72 Stunden'],
    [7 * 24 * hour, '7 days', '7 Tage'],
  ])('say of %d seconds %j and %j', (lifetime, english, german) => {
    const mail = { ...facts, lifetime };
    expect(render('reset-password', 'en', mail).text).toContain(`once, for ${english}.`);
    expect(render('reset-password', 'de', mail).text).toContain(`einmal, ${german} lang.`);
  });

  it.each(mailTemplates.filter((template) => !leadingNowhere.includes(template)))(
    'carry the link of %s, whole, as a button and as an address',
    (template) => {
      const { text, html } = render(template, 'en', facts);
      expect(text).toContain(`\n${facts.link}\n`);
      const link = 'https://app.example.com/verify-email#token&#x3D;a.b.c';
      expect(html.split(`href="${link}"`)).toHaveLength(3);
      expect(html).toContain(`>${link}</a>`);
    },
  );

  it.each(leadingNowhere)('have no button in %s', (template) => {
    const { text, html } = render(template as 'email-left', 'en', { ...facts, link: '' });
    expect(html).not.toContain('<a ');
    expect(text).not.toContain('http');
  });

  it('show the logo, or the name of the product where there is none', () => {
    const { html } = render('invitation', 'en', facts);
    expect(html).toContain('src="https://app.example.com/logo.png?size&#x3D;2&amp;dark&#x3D;0"');
    expect(html).toContain('alt="Tom &amp; Co"');
    expect(render('invitation', 'en', { ...facts, logo: '' }).html).not.toContain('<img');
  });

  it('do not say of a password that was taken away that nothing happens', () => {
    const { text } = render('password-removed', 'en', facts);
    expect(text).toContain('its password was removed and every device was signed out');
    expect(text).not.toContain('without the link nothing happens');
    expect(render('password-set', 'en', facts).text).not.toContain('signed out');
  });
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
    write('de/verify-email.subject.hbs', 'Hallo\nvon {{product}}, {{lifetime}} für {{device}}');
    const render = createRenderMail(folder);
    const builtIn = createRenderMail(undefined);
    expect(render('verify-email', 'de', facts)).toEqual({
      ...builtIn('verify-email', 'de', facts),
      subject: 'Hallo von Tom & Co, 24 Stunden für Firefox unter Linux',
    });
    expect(render('verify-email', 'en', facts)).toEqual(builtIn('verify-email', 'en', facts));
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
