import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { contrastOf, readColor } from '../core/color.ts';

/** A file of the operator's that pages load. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

export interface PageColors {
  /** Of buttons, links and what has the focus. */
  readonly accent?: string | undefined;
  /** Behind everything. */
  readonly ground?: string | undefined;
  /** Of cards and fields. */
  readonly surface?: string | undefined;
  readonly text?: string | undefined;
}

/** How the pages look, and what they say. */
export interface PageSettings {
  readonly logo: PageFile | undefined;
  readonly colors: { readonly light: PageColors; readonly dark: PageColors };
  /** Of corners, in pixels. */
  readonly radius: number | undefined;
  readonly font: { readonly family: string; readonly file: PageFile | undefined } | undefined;
  /** Loaded after everything else. */
  readonly styles: PageFile | undefined;
  /** Texts by language tag: what they replace, or a language that the pages do not have. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An application whose visitors sign in on our pages and are sent back. */
export interface Application {
  readonly name: string;
  readonly redirectUris: readonly string[];
}

const path = z.string().min(1);
const color = z
  .string()
  .refine((text) => readColor(text) !== undefined, 'must be a colour such as #1f6f54');
const colors = z.strictObject({
  accent: color.optional(),
  ground: color.optional(),
  surface: color.optional(),
  text: color.optional(),
});
const languageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as fr or pt-BR');

export const pages = z.strictObject({
  logo: path.optional(),
  colors: z
    .strictObject({ light: colors.default({}), dark: colors.default({}) })
    .default({ light: {}, dark: {} }),
  radius: z.number().min(0).max(32).optional(),
  font: z
    .strictObject({
      family: z
        .string()
        .regex(/^[\p{L}\p{N} -]{1,60}$/u, 'must be the name of a font, without quotes'),
      file: path.optional(),
    })
    .optional(),
  styles: path.optional(),
  texts: z.record(languageTag, path).default({}),
});

/**
 * Attack: an address that means another one to the browser than to who reads it, such as
 * `https://shop.example.com@evil.example`. What is registered is compared letter by letter with what
 * is asked for, so it has to be written as browsers write it.
 */
const redirectUri = z.string().superRefine((text, context) => {
  const problem = problemOfRedirectUri(text);
  if (problem) context.addIssue(problem);
});

function problemOfRedirectUri(text: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    return 'must be an https address, such as https://app.example.com/signed-in';
  }
  const url = new URL(text);
  if (url.username || url.password || text.includes('#')) {
    return 'can have no user, password or fragment';
  }
  if (url.protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    return 'must be https: only this machine may be reached by http';
  }
  return url.href === text ? undefined : `must be written as browsers write it: ${url.href}`;
}

export const applications = z.array(
  z.strictObject({
    name: z.string().regex(/^[^\p{Cc}<>"]{1,60}$/u, 'must be a name of at most 60 characters'),
    redirectUris: z.array(redirectUri).min(1),
  }),
);

const pictures: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
};
const fonts: Readonly<Record<string, string>> = { '.woff2': 'font/woff2' };
const styleSheets: Readonly<Record<string, string>> = { '.css': 'text/css; charset=utf-8' };
const largestFile = 1_048_576;

/**
 * Reads the files that the pages of the settings file name.
 *
 * @returns the settings, and a line for each file that can't be used
 */
export function withPageFiles(
  settingsFile: string,
  given: z.infer<typeof pages>,
): { readonly pages: PageSettings; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const { colors, radius, font } = given;
  const logo = read('logo', given.logo, pictures);
  const fontFile = read('font.file', font?.file, fonts);
  const styles = read('styles', given.styles, styleSheets);
  const texts = Object.fromEntries(
    Object.entries(given.texts).map(([tag, file]) => [tag, readTexts(`texts.${tag}`, file)]),
  );
  for (const [scheme, { text, ground, surface }] of Object.entries(colors)) {
    for (const [name, behind] of Object.entries({ ground, surface })) {
      const [one, other] = [readColor(text ?? ''), readColor(behind ?? '')];
      if (one && other && contrastOf(one, other) < 4.5) {
        problems.push(`pages.colors.${scheme}: text can't be read on ${name} (WCAG 2.2, 1.4.3)`);
      }
    }
  }
  return {
    pages: {
      logo,
      colors,
      radius,
      font: font && { family: font.family, file: fontFile },
      styles,
      texts,
    },
    problems,
  };

  function read(
    name: string,
    file: string | undefined,
    types: Readonly<Record<string, string>>,
  ): PageFile | undefined {
    if (file === undefined) return undefined;
    const type = types[extname(file).toLowerCase()];
    const found = contentOf(name, file);
    if (type === undefined) {
      problems.push(`pages.${name}: ${file} must end in ${Object.keys(types).join(', ')}`);
    }
    return type === undefined || !found ? undefined : { type, content: found };
  }

  function contentOf(name: string, file: string): Buffer | undefined {
    const whole = resolve(dirname(settingsFile), file);
    if (!existsSync(whole)) problems.push(`pages.${name}: ${whole} does not exist`);
    else if (statSync(whole).size > largestFile)
      problems.push(`pages.${name}: ${whole} has over 1 MiB`);
    else return readFileSync(whole);
    return undefined;
  }

  function readTexts(name: string, file: string): Readonly<Record<string, string>> {
    const content = contentOf(name, file);
    try {
      const parsed = z.record(z.string(), z.string()).safeParse(parse(content?.toString() ?? '{}'));
      if (parsed.success) return parsed.data;
      problems.push(`pages.${name}: ${file} must have a text for each key`);
    } catch {
      problems.push(`pages.${name}: ${file} is no YAML`);
    }
    return {};
  }
}

/** What they look like, and say, where the settings file has no `pages`. */
export const plainPages: PageSettings = {
  logo: undefined,
  colors: { light: {}, dark: {} },
  radius: undefined,
  font: undefined,
  styles: undefined,
  texts: {},
};
