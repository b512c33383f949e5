import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { withoutByteOrderMark } from '../core/text.ts';
import { type Locale, locales } from './locale.ts';
import { layOut, type MailSources } from './mail-layout.ts';
import {
  type MailFacts,
  type MailTemplate,
  type MailText,
  type MailValues,
  type MailWords,
  mailTemplates,
  type RenderedMail,
} from './mail-template.ts';
import { mailValues } from './mail-values.ts';
import { germanTexts, germanWords } from './texts-de.ts';
import { englishTexts, englishWords } from './texts-en.ts';

export type RenderMail = (template: MailTemplate, locale: Locale, facts: MailFacts) => RenderedMail;

interface Language {
  readonly texts: Readonly<Record<MailTemplate, MailText>>;
  readonly words: MailWords;
}

const languages: Readonly<Record<Locale, Language>> = {
  en: { texts: englishTexts, words: englishWords },
  de: { texts: germanTexts, words: germanWords },
};

const parts = ['subject', 'text', 'html'] as const;
type Part = (typeof parts)[number];
type Compiled = Readonly<Record<Part, (values: MailValues) => string>>;

const trial: MailValues = {
  product: 'Gatehouse',
  logo: '',
  link: 'https://example.com',
  code: '123456',
  lifetime: '1 hour',
  recipient: 'ada@example.com',
  when: '1 January 2026 at 00:00 UTC',
  device: '',
};

/**
 * Each mail in each language is compiled when it is first asked for; with an operator's own templates
 * all are compiled at once, so that a wrong one is found at the start. A file
 * `<locale>/<template>.<subject|text|html>.hbs` below `folder` takes the place of a built-in part.
 *
 * @throws Error naming the file that is no template, says something that mails don't know, or has a
 * name that no mail has
 */
export function createRenderMail(folder: string | undefined): RenderMail {
  const compiled = new Map<string, Compiled>();
  const compiledMail = (template: MailTemplate, locale: Locale) => {
    const name = `${locale}/${template}`;
    const mail =
      compiled.get(name) ??
      compile(
        {
          ...layOut(locale, languages[locale].texts[template], languages[locale].words),
          ...filesOf(folder, locale, template),
        },
        name,
      );
    compiled.set(name, mail);
    return mail;
  };
  if (folder !== undefined) {
    assertKnownNames(folder);
    for (const locale of locales)
      for (const template of mailTemplates) compiledMail(template, locale);
  }
  return (template, locale, facts) => {
    const mail = compiledMail(template, locale);
    const values = mailValues(locale, facts, languages[locale].words);
    return {
      // A header is one line.
      subject: mail.subject(values).replace(/\s+/g, ' ').trim(),
      text: mail.text(values),
      html: mail.html(values),
    };
  };
}

function compile(sources: MailSources, name: string): Compiled {
  const handlebars = Handlebars.create();
  const compilePart = (part: Part) => {
    // Only HTML is escaped; `strict` refuses what mails don't know.
    const template = handlebars.compile<MailValues>(sources[part], {
      strict: true,
      noEscape: part !== 'html',
    });
    try {
      template(trial);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`the mail template ${name}.${part}.hbs can't be used: ${reason}`);
    }
    return (values: MailValues) => template(values);
  };
  return { subject: compilePart('subject'), text: compilePart('text'), html: compilePart('html') };
}

function filesOf(
  folder: string | undefined,
  locale: Locale,
  template: MailTemplate,
): Partial<MailSources> {
  if (folder === undefined) return {};
  const found = parts.flatMap((part) => {
    const file = join(folder, locale, `${template}.${part}.hbs`);
    return existsSync(file) ? [[part, withoutByteOrderMark(readFileSync(file, 'utf8'))]] : [];
  });
  return Object.fromEntries(found);
}

/** A misspelt name would silently change nothing. */
function assertKnownNames(folder: string): void {
  const known = new Set(
    locales.flatMap((locale) =>
      mailTemplates.flatMap((template) => parts.map((part) => `${locale}/${template}.${part}.hbs`)),
    ),
  );
  const unknown = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.hbs') && !known.has(path));
  if (unknown.length > 0) {
    throw new Error(`MAIL_TEMPLATES holds files that no mail is named for: ${unknown.join(', ')}`);
  }
}
