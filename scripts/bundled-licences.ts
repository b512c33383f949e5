import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What may be published in a package under the MIT licence, its own text beside it. */
const permitted = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * The licences of the packages that bundles are made of, for a file beside them.
 *
 * @param files paths below node_modules that are in the bundles
 * @throws Error for a package whose licence does not permit that
 */
export function bundledLicences(files: Iterable<string>): string {
  const folders = new Set<string>();
  for (const file of files) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders].sort().map(licenceOf).join('\n\n');
}

function licenceOf(folder: string): string {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license = 'none' } = manifest;
  const isPermitted = license
    .replace(/^\(|\)$/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => permitted.includes(one)));
  if (!isPermitted) {
    throw new Error(`${name} can't be bundled: its licence is ${license}`);
  }
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
  return `${name} ${version}: ${license}${text}`;
}
