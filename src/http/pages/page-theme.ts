import { type Color, contrastOf, mixed, readColor, writeColor } from '../../core/color.ts';

export interface ThemeColors {
  readonly accent?: string | undefined;
  readonly ground?: string | undefined;
  readonly surface?: string | undefined;
  readonly text?: string | undefined;
}

export interface ThemeOptions {
  readonly colors: { readonly light: ThemeColors; readonly dark: ThemeColors };
  /** In pixels. */
  readonly radius: number | undefined;
  readonly font: { readonly family: string; readonly file: string | undefined } | undefined;
}

/** Our own colours, which pages/kit/tokens.css has, too. */
const own = {
  light: { accent: '#1f6f54', ground: '#f5f7f4', surface: '#ffffff', text: '#1a231f' },
  dark: { accent: '#6ccaa5', ground: '#101412', surface: '#181e1b', text: '#e6ece8' },
} as const;

/**
 * The style sheet that carries an operator's wishes. It is a file, so that the policy of the pages can
 * go on to allow no style in a page (ASVS 5.0 3.4.3).
 *
 * @returns an empty text where nothing was wished for
 */
export function pageTheme({ colors, radius, font }: ThemeOptions): string {
  const shape = [
    ...(radius === undefined ? [] : [`--radius: ${radius}px;`]),
    ...(font ? [`--font: "${font.family}", system-ui, sans-serif;`] : []),
  ];
  const light = variablesOf('light', colors.light);
  const dark = variablesOf('dark', {
    ...colors.dark,
    accent: colors.dark.accent ?? colors.light.accent,
  });
  return [
    font?.file &&
      `@font-face { font-family: "${font.family}"; src: url("${font.file}") format("woff2"); font-weight: 100 900; font-display: swap; }`,
    shape.length + light.length > 0 && `:root { ${[...shape, ...light].join(' ')} }`,
    dark.length > 0 && `@media (prefers-color-scheme: dark) { :root { ${dark.join(' ')} } }`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** What is written on an accent, and an accent that is written with, can be read whatever it is. */
function variablesOf(scheme: 'light' | 'dark', given: ThemeColors): readonly string[] {
  const chosen = Object.entries(given).filter((entry): entry is [string, string] => !!entry[1]);
  if (chosen.length === 0) return [];
  const all = { ...own[scheme], ...Object.fromEntries(chosen) };
  const color = (name: keyof ThemeColors): Color => readColor(all[name]) ?? [0, 0, 0];
  const [accent, text, ground, surface] = (['accent', 'text', 'ground', 'surface'] as const).map(
    color,
  ) as [Color, Color, Color, Color];
  const onAccent = contrastOf(accent, white) >= contrastOf(accent, black) ? white : black;
  let accentText = accent;
  for (let share = 0; share < 1; share += 0.05) {
    accentText = mixed(accent, text, share);
    if ([ground, surface].every((behind) => contrastOf(accentText, behind) >= 4.6)) break;
  }
  return [
    ...chosen.map(([name, value]) => `--${name}: ${value};`),
    `--on-accent: ${writeColor(onAccent)};`,
    `--accent-text: ${writeColor(accentText)};`,
    `--muted: ${writeColor(mixed(text, surface, 0.3))};`,
    `--line: ${writeColor(mixed(surface, text, 0.16))};`,
    `--edge: ${writeColor(mixed(surface, text, 0.55))};`,
  ];
}

const white: Color = [255, 255, 255];
const black: Color = [0, 0, 0];
