import { locale } from './locale.ts';

/** A moment in words of the page's language, in the time zone of who looks. */
export function dateAndTime(iso: string): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );
}

/** A time of today. */
export function timeOnly(iso: string): string {
  return new Intl.DateTimeFormat(locale.value, { timeStyle: 'short' }).format(new Date(iso));
}

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago it was: `2 hours ago`; an older one than a week as a date. */
export function timeAgo(iso: string): string {
  const seconds = (Date.now() - new Date(iso).getTime()) / 1_000;
  if (seconds > 7 * 86_400) return dateAndTime(iso);
  const relative = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' });
  const [unit, length] = steps.find(([, least]) => seconds >= least) ?? ['second', 1];
  return unit === 'second'
    ? relative.format(0, 'second')
    : relative.format(-Math.floor(seconds / length), unit);
}

/** A day in words of the page's language. */
export function dateOnly(iso: string): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'long' }).format(new Date(iso));
}
