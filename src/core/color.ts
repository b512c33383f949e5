/** A colour, as red, green and blue from 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** @returns undefined where it is not written as `#rgb` or `#rrggbb` */
export function readColor(text: string): Color | undefined {
  const [, digits] = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const [red = 0, green = 0, blue = 0] =
    long.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  return [red, green, blue];
}

export function writeColor(color: Color): string {
  return `#${color.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** How well one can be read on the other, from 1 to 21 (WCAG 2.2 section 1.4.3: text needs 4.5). */
export function contrastOf(one: Color, other: Color): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** @param share how much of `other` there is in it, from 0 to 1 */
export function mixed(one: Color, other: Color, share: number): Color {
  const [red, green, blue] = one.map(
    (channel, at) => channel + ((other[at] ?? 0) - channel) * share,
  );
  return [red ?? 0, green ?? 0, blue ?? 0];
}

function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map((channel) =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
