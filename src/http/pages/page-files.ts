import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the build made of one application's pages: names of files in its folder. */
export interface BuiltPages {
  readonly script: string;
  readonly styles: string;
  /** What a browser needs beside the script, by language. */
  readonly preloads: Readonly<Record<string, readonly string[]>>;
  readonly files: readonly string[];
}

export type PageApplication = 'account' | 'admin';

export interface PageFiles {
  readonly folder: string;
  readonly built: BuiltPages;
}

/**
 * The pages of an application, as the build made them: beside the server's own files, and in a
 * checkout that runs from its sources in `dist`.
 *
 * @returns undefined where nothing was built
 */
export function findPageFiles(
  application: PageApplication,
  folders: readonly string[] = usualFolders,
): PageFiles | undefined {
  const folder = folders
    .map((parent) => join(parent, application))
    .find((each) => existsSync(join(each, 'built.json')));
  if (folder === undefined) return undefined;
  return { folder, built: JSON.parse(readFileSync(join(folder, 'built.json'), 'utf8')) };
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const usualFolders = [join(root, 'pages'), join(root, 'dist', 'pages')];
