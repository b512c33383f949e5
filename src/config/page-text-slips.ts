import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageFolders } from '../core/page-folders.ts';

type Texts = Readonly<Record<string, string>>;

/** What an operator's file of texts says that no page asks for, and what it does not say. */
export interface PageTextSlips {
  readonly locale: string;
  /** Keys that no page has: a slip, or one of an earlier version. */
  readonly unknown: readonly string[];
  /** Keys that are said in English; none where it replaces some of ours. */
  readonly missing: readonly string[];
  /** Keys with a `{placeholder}` that nothing fills in. */
  readonly unfilled: readonly string[];
}

const builtIn = ['en', 'de'];

/**
 * Holds the texts of `pages.texts` against those of the pages, as they were built.
 *
 * @param texts by language tag
 * @returns those with slips; none where there are no pages
 */
export function pageTextSlips(
  texts: Readonly<Record<string, Texts>>,
  english: Texts | undefined = readEnglish(),
): readonly PageTextSlips[] {
  if (!english) return [];
  return Object.entries(texts)
    .map(([locale, given]) => slipsIn(locale, given, english))
    .filter(({ unknown, missing, unfilled }) =>
      [unknown, missing, unfilled].some((keys) => keys[0]),
    );
}

function slipsIn(locale: string, given: Texts, english: Texts): PageTextSlips {
  const isOurs = (key: string) => Object.hasOwn(english, key);
  const isReplacement = builtIn.includes(locale.split('-')[0] ?? '');
  return {
    locale,
    unknown: Object.keys(given).filter((key) => !isOurs(key)),
    missing: isReplacement ? [] : Object.keys(english).filter((key) => !Object.hasOwn(given, key)),
    unfilled: Object.keys(given).filter(
      (key) =>
        isOurs(key) &&
        placeholdersIn(given[key]).some((name) => !placeholdersIn(english[key]).includes(name)),
    ),
  };
}

function placeholdersIn(text = ''): readonly string[] {
  return text.match(/\{\w+\}/g) ?? [];
}

function readEnglish(): Texts | undefined {
  const file = pageFolders.map((folder) => join(folder, 'texts.json')).find(existsSync);
  return file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'));
}
