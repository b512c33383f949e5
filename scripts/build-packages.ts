import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, normalize, resolve } from 'node:path';
import { measureEntryPoints } from './measure-entry-points.ts';

const compiler = resolve('node_modules/typescript/bin/tsc');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

interface Template {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  /** Bytes that each entry point may have, as `measureEntryPoints` counts them. */
  readonly budgets: Readonly<Record<string, number>>;
}

/**
 * Makes the packages that are published beside the server's. Each folder of `packages` is one: its
 * tsconfig.json says which sources it has, its package.json which of them are entry points, and how
 * large each may be. What all packages have in common (version, licence, Node) comes from the
 * package.json of the server.
 *
 * @param output the folder that gets a folder a package
 */
export async function buildPackages(output: string): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  for (const entry of readdirSync('packages', { withFileTypes: true })) {
    if (entry.isDirectory()) await buildPackage(join('packages', entry.name), output);
  }
}

async function buildPackage(folder: string, parent: string): Promise<void> {
  const { version, license, engines } = readJson<Manifest>('package.json');
  const { budgets, ...template } = readJson<Template>(join(folder, 'package.json'));
  const { name, ...rest } = template;
  const output = join(parent, name);
  execFileSync(process.execPath, [compiler, '-p', folder, '--outDir', output], {
    stdio: 'inherit',
  });
  nameEmittedFiles(output);
  const manifest = { name, version, license, type: 'module', engines, ...rest };
  writeFileSync(join(output, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(folder, 'README.md'), join(output, 'README.md'));
  copyFileSync('LICENSE', join(output, 'LICENSE'));
  holdBudgets(name, budgets, await measureEntryPoints(output, entryPointsOf(template.exports)));
}

/** tsc leaves the names of our sources in declarations, where not every resolver follows them. */
function nameEmittedFiles(output: string): void {
  for (const file of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const path = join(output, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replaceAll(/((?:from |import\()['"]\.[^'"]*)\.tsx?(?=['"])/g, '$1.js'),
    );
  }
}

function entryPointsOf(exports: Template['exports']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(exports).flatMap(([entry, target]) =>
      typeof target === 'object' ? [[entry, normalize(target.default)]] : [],
    ),
  );
}

/**
 * Prints the sizes.
 *
 * @throws Error for an entry point that is larger than it may be, or has no budget
 */
function holdBudgets(
  name: string,
  budgets: Template['budgets'],
  sizes: Readonly<Record<string, number>>,
): void {
  for (const [entry, size] of Object.entries(sizes)) {
    const budget = budgets[entry];
    if (budget === undefined) throw new Error(`${name} has no budget for ${entry}`);
    process.stderr.write(
      `\n  ${join(name, entry)} ${kilobytes(size)}, gzipped, of ${kilobytes(budget)}`,
    );
    if (size > budget) {
      throw new Error(`${name} ${entry} has ${size} bytes, gzipped, and may have ${budget}`);
    }
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(2)} kB`;
}

function readJson<Content>(file: string): Content {
  return JSON.parse(readFileSync(file, 'utf8')) as Content;
}
