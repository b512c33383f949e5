import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const packageFile = z.object({ version: z.string() });

/** The version of the package to which a file belongs: the build lies a folder deeper than the source. */
export function versionOf(fileUrl: string): string {
  for (let folder = new URL('..', fileUrl); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder);
    if (existsSync(file)) return packageFile.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
    if (folder.pathname === '/') throw new Error('no package.json');
  }
}
