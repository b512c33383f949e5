import { contrastOf, readColor } from '../../../src/core/color.ts';
import { pageTheme } from '../../../src/http/pages/page-theme.ts';

const nothing = { colors: { light: {}, dark: {} }, radius: undefined, font: undefined };

describe('the theme of the pages', () => {
  it('is nothing where nothing was wished for', () => {
    expect(pageTheme(nothing)).toBe('');
  });

  it.each(['#ffff00', '#000000', '#ffffff', '#777777', '#7a1f5c', '#f00'])(
    'lets what is written on the accent, and in it, be read: %s',
    (accent) => {
      const css = pageTheme({ ...nothing, colors: { light: { accent }, dark: {} } });
      const values = (name: string) =>
        [...css.matchAll(new RegExp(`--${name}: (#\\w+);`, 'g'))].map(([, color]) => color ?? '');
      expect(values('accent')).toEqual([accent, accent]);
      const contrast = (one: string, other: string) =>
        contrastOf(readColor(one) ?? [0, 0, 0], readColor(other) ?? [0, 0, 0]);
      for (const onAccent of values('on-accent')) {
        expect(contrast(onAccent, accent)).toBeGreaterThanOrEqual(4.5);
      }
      const grounds = ['#ffffff', '#181e1b'];
      values('accent-text').forEach((text, index) => {
        expect(contrast(text, grounds[index] ?? '')).toBeGreaterThanOrEqual(4.5);
      });
    },
  );

  it('has the corners and the font', () => {
    const font = { family: 'Inter', file: '/account/assets/font-x.woff2' };
    const css = pageTheme({ ...nothing, radius: 4, font });
    expect(css).toContain('--radius: 4px;');
    expect(css).toContain('src: url("/account/assets/font-x.woff2") format("woff2")');
  });
});
