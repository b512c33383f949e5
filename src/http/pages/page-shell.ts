import type { BuiltPages } from './page-files.ts';
import type { ShellSettings } from './page-settings.ts';

export interface ShellOptions {
  /** The path below which its files are. */
  readonly files: string;
  readonly built: BuiltPages;
  /** Addresses of style sheets that are loaded after ours. */
  readonly styles: readonly string[];
}

/**
 * The one page of an application; its script makes the others of it. The settings are data, which no
 * policy for scripts is asked about.
 */
export function pageShell({ files, built, styles }: ShellOptions, settings: ShellSettings): string {
  const { locale, product, logo } = settings;
  const sheets = [`${files}/${built.styles}`, ...styles];
  const preloads = built.preloads[locale] ?? built.preloads.en ?? [];
  const name = escapeHtml(product);
  return `<!doctype html>
<html lang="${escapeHtml(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${name}</title>
<link rel="icon" href="${logo === null ? 'data:,' : escapeHtml(logo)}">
${sheets.map((sheet) => `<link rel="stylesheet" href="${sheet}">`).join('\n')}
${preloads.map((file) => `<link rel="modulepreload" href="${files}/${file}">`).join('\n')}
<script type="module" src="${files}/${built.script}"></script>
</head>
<body>
<div id="app"><noscript>${escapeHtml(withoutScripts[locale] ?? `${withoutScripts.en}`)}</noscript></div>
<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
</body>
</html>
`;
}

const withoutScripts: Readonly<Record<string, string>> = {
  en: 'These pages need JavaScript. Please allow it for this site and load the page again.',
  de: 'Diese Seiten brauchen JavaScript. Bitte erlauben Sie es für diese Website und laden Sie die Seite neu.',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
