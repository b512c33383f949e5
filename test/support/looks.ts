import type { Page } from 'playwright-core';
import { axeFindings, sidewaysScroll } from './page-visitor.ts';
import { inShort } from './short-form.ts';

interface Look {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
  readonly language: 'en' | 'de';
}

/** Each width, theme and language once: German is the longer one, and has the least room. */
const fewLooks: readonly Look[] = [
  { width: 360, colorScheme: 'light', language: 'de' },
  { width: 1280, colorScheme: 'dark', language: 'en' },
];

/** Each pair of width, theme and language once. */
const looks: readonly Look[] = [
  { width: 360, colorScheme: 'light', language: 'en' },
  { width: 360, colorScheme: 'dark', language: 'de' },
  { width: 1280, colorScheme: 'light', language: 'de' },
  { width: 1280, colorScheme: 'dark', language: 'en' },
];

/** Holds a page in these looks against what axe knows, and against sideways scrolling. */
export async function looksRight(page: Page, path: string): Promise<void> {
  await page.locator('h1').first().waitFor();
  for (const { width, colorScheme, language } of inShort(fewLooks, looks)) {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme });
    await page.locator('footer select').selectOption(language);
    await page.locator(`html[lang=${language}]`).waitFor();
    expect([path, width, await axeFindings(page)]).toEqual([path, width, []]);
    expect([path, width, await sidewaysScroll(page)]).toEqual([path, width, 0]);
  }
}
