import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where the build puts pages: beside the server's own files; of a checkout that runs from its sources, in `dist`. */
export const pageFolders: readonly string[] = [join(root, 'pages'), join(root, 'dist', 'pages')];
