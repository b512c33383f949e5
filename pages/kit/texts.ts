import { signal } from '@preact/signals';
import type { en as kitEnglish } from '../messages/kit/en.ts';
import { locale, rememberLocale } from './locale.ts';
import { settings } from './settings.ts';

export type Texts = Readonly<Record<string, string>>;
/** The languages that are built in, each in a file of its own. */
export type Languages = Readonly<Record<string, () => Promise<Texts>>>;
export type TextValues = Readonly<Record<string, string | number>>;

const texts = signal<Texts>({});

/** A text of the kit, in the language of the page. Who renders it renders again in another. */
export function kitText(key: keyof typeof kitEnglish, values?: TextValues): string {
  return anyText(key, values);
}

/** A text by any key, its `{placeholders}` filled in. */
export function anyText(key: string, values: TextValues = {}): string {
  const text = texts.value[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => `${values[name] ?? whole}`);
}

export function hasText(key: string): boolean {
  return Object.hasOwn(texts.value, key);
}

/** Adds the texts of a part of an application, in the language of the page. */
export async function addTexts(part: Languages): Promise<void> {
  while (!parts.includes(part)) {
    const tag = locale.value;
    const loaded = await load(tag, part);
    // Somebody has chosen another language meanwhile, or the part was added twice.
    if (tag !== locale.value || parts.includes(part)) continue;
    parts.push(part);
    // The operator's words stay over ours.
    texts.value = { ...texts.value, ...loaded, ...operators };
  }
}

/** Shows the pages in a language, from now on. */
export async function speak(tag: string): Promise<void> {
  const own = settings.texts[tag];
  const spoken = [...parts];
  const [theirs, ...ours] = await Promise.all([
    own === undefined ? {} : fetch(own).then((answer) => answer.json() as Promise<Texts>),
    ...spoken.map((part) => load(tag, part)),
  ]);
  // A part that was added meanwhile speaks another language.
  if (parts.length > spoken.length) return speak(tag);
  operators = theirs;
  texts.value = Object.assign({}, ...ours, operators);
  if (tag !== locale.value) rememberLocale(tag);
}

const parts: Languages[] = [];
let operators: Texts = {};

/** English where the operator's language is none of ours: their file has the words. */
async function load(tag: string, part: Languages): Promise<Texts> {
  const [, loaded = part.en] =
    Object.entries(part).find(([language]) => language === tag.split('-')[0]) ?? [];
  return (await loaded?.()) ?? {};
}
