import type { Locale } from './locale.ts';
import type { MailDevice, MailFacts, MailValues, MailWords } from './mail-template.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Puts what is known of a mail into the words of its language. */
export function mailValues(locale: Locale, facts: MailFacts, words: MailWords): MailValues {
  const { product, logo, link, code, recipient, lifetime, at, device } = facts;
  return {
    product,
    logo,
    link,
    code,
    recipient,
    lifetime: lifetimeText(locale, lifetime),
    when: `${dateText(locale, at)} UTC`,
    device: device ? deviceText(device, words) : '',
  };
}

/** `30 minutes`, `1 hour`, `72 hours`, `7 days`: nobody counts in more than three days of hours. */
function lifetimeText(locale: Locale, seconds: number): string {
  const [unit, length] =
    seconds > 3 * day
      ? (['day', day] as const)
      : seconds >= hour
        ? (['hour', hour] as const)
        : (['minute', minute] as const);
  const form = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  return form.format(Math.floor(seconds / length));
}

function dateText(locale: Locale, at: Date): string {
  // British English has the day before the month, and 24 hours.
  const form = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return form.format(at);
}

function deviceText({ browser, system }: MailDevice, words: MailWords): string {
  const known = [browser, system].filter((name) => name !== null);
  return known.length === 0 ? words.unknownDevice : known.join(` ${words.on} `);
}
