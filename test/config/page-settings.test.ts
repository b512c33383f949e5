import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettingsFile } from '../../src/config/settings-file.ts';

describe('pages and applications in the settings file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pages-'));
  const path = join(folder, 'gatehouse.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    writeFileSync(path, text);
    const { settings, problems } = readSettingsFile(path);
    return { settings, problems: problems.map((line) => line.replaceAll(`${folder}/`, '')) };
  };

  it('give the pages a look, whose files stand beside that file', () => {
    writeFileSync(join(folder, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    writeFileSync(join(folder, 'fr.yaml'), 'signIn.title: Connexion');
    const { settings, problems } = read(
      'pages: { logo: logo.svg, radius: 4, colors: { light: { accent: "#123" } }, texts: { fr: fr.yaml } }',
    );
    expect(problems).toEqual([]);
    expect(settings.pages).toMatchObject({
      logo: { type: 'image/svg+xml' },
      colors: { light: { accent: '#123' }, dark: {} },
      radius: 4,
      texts: { fr: { 'signIn.title': 'Connexion' } },
    });
  });

  it.each([
    ['pages: { logo: no.svg }', 'pages.logo: no.svg does not exist'],
    ['pages: { styles: gatehouse.yaml }', 'pages.styles: gatehouse.yaml must end in .css'],
    ['pages: { colors: { light: { accent: red } } }', 'must be a colour such as #1f6f54'],
    [
      'pages: { colors: { light: { text: "#999999", ground: "#ffffff" } } }',
      "text can't be read on ground",
    ],
    ['pages: { font: { family: "a\\"; } * {" } }', 'must be the name of a font'],
    ['pages: { radius: 99 }', 'pages.radius'],
    ['pages: { color: {} }', 'Unrecognized key'],
  ])('refuse %s', (text, problem) => {
    expect(read(text).problems.join('\n')).toContain(problem);
  });

  it.each([
    'http://shop.example.com/',
    'https://shop.example.com',
    'https://user@shop.example.com/',
    'https://shop.example.com/#x',
    'https://shop.example.com/a/../b',
    'HTTPS://shop.example.com/',
    'javascript:alert(1)',
    '//shop.example.com/',
  ])('refuse to register %s', (uri) => {
    const { problems } = read(`applications: [{ name: Shop, redirectUris: ['${uri}'] }]`);
    expect(problems).toHaveLength(1);
  });

  it('register what is written as browsers write it, and this machine by http', () => {
    const uris = ['https://shop.example.com/in?x=1', 'http://localhost:3000/in'];
    const { settings, problems } = read(
      `applications: [{ name: Shop, redirectUris: ${JSON.stringify(uris)} }]`,
    );
    expect(problems).toEqual([]);
    expect(settings.applications).toEqual([{ name: 'Shop', redirectUris: uris }]);
  });
});
