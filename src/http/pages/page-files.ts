import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageFolders } from '../../core/page-folders.ts';

/** What the build made of one application's pages: names of files in its folder. */
export interface BuiltPages {
  readonly script: string;
  readonly styles: string;
  /** What a browser needs beside the script, by language. */
  readonly preloads: Readonly<Record<string, readonly string[]>>;
  readonly files: readonly string[];
  /** The texts of all operations that they send. */
  readonly documents: readonly string[];
}

export type PageApplication = 'account' | 'admin';

export interface PageFiles {
  readonly folder: string;
  readonly built: BuiltPages;
}

/**
 * The pages of an application, as the build made them.
 *
 * @returns undefined where nothing was built
 */
export function findPageFiles(
  application: PageApplication,
  folders: readonly string[] = pageFolders,
): PageFiles | undefined {
  const folder = folders
    .map((parent) => join(parent, application))
    .find((each) => existsSync(join(each, 'built.json')));
  if (folder === undefined) return undefined;
  return { folder, built: JSON.parse(readFileSync(join(folder, 'built.json'), 'utf8')) };
}
