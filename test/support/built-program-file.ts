import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramFile } from '../../src/core/program-file.ts';
import { buildFolder } from './build.ts';

/**
 * Stands for src/core/program-file.ts in jest (see `moduleNameMapper` in package.json): threads and
 * processes run what was built for the tests. From the sources each of them would start a loader of
 * its own, which takes longer than most tests do.
 */
export function programFile(moduleUrl: string, name: string): ProgramFile {
  const folder = relative(resolve(), fileURLToPath(new URL('.', moduleUrl)));
  return { path: resolve(join(buildFolder, folder, `${name}.js`)), loader: [] };
}
