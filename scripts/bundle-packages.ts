import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { parseSync } from 'oxc-parser';
import { bundledLicences } from './bundled-licences.ts';
import { nameClassesOnly } from './name-classes-only.ts';

/**
 * The build puts the packages that the server imports into few files, and lets it import them from there:
 * Node spends half of a start on finding and reading 1,200 files of packages.
 *
 * Whatever imports GraphQL goes in, for there may be one copy of it only. What stays outside is what a
 * published package has installed beside it, its `dependencies`: it has native code or files of its own,
 * or is found by OpenTelemetry when it is loaded.
 */
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** TypeORM loads the drivers of all its databases, two fifths of its code. */
const driver = /[\\/]typeorm[\\/]driver[\\/][\w-]+[\\/]\w+Driver\.js$/;

/** What is imported of each package. */
type Used = ReadonlyMap<string, Iterable<string>>;

interface Import {
  readonly specifier: string;
  /** Where it stands in the file, its quotes too. */
  readonly start: number;
  readonly end: number;
  /** Undefined where it can't be told which names are used. */
  readonly names: readonly string[] | undefined;
}

/** Lets the compiled server import its packages from `packages` in the same folder. */
export async function importBundles(output: string): Promise<Used> {
  const used = new Map<string, Set<string>>();
  for (const folder of ['src', 'migrations']) {
    for (const name of readdirSync(join(output, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.js')) continue;
      const file = join(output, folder, name);
      writeFileSync(file, await withBundles(file, join(output, 'packages'), used));
    }
  }
  return used;
}

/** Makes these packages. */
export async function bundlePackages(output: string, used: Used): Promise<void> {
  const { outputFiles, metafile } = await build({
    entryPoints: [...used.keys()].map((specifier) => ({ in: specifier, out: nameOf(specifier) })),
    outdir: join(output, 'packages'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
    // Classes of one name share a scope here, and an error is known by the name of its class.
    keepNames: true,
    minifyWhitespace: true,
    minifySyntax: true,
    // The whole of each licence is written beside them.
    legalComments: 'none',
    metafile: true,
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
    },
    logLevel: 'warning',
    plugins: [onlyWhatIsUsed(used)],
  });
  rmSync(join(output, 'packages'), { recursive: true, force: true });
  mkdirSync(join(output, 'packages'));
  writeFileSync(
    join(output, 'packages', 'LICENSES.txt'),
    bundledLicences(Object.keys(metafile.inputs)),
  );
  for (const { path, text } of outputFiles) writeFileSync(path, nameClassesOnly(text));
}

function onlyWhatIsUsed(used: Used): Plugin {
  return {
    name: 'only what is used',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
        if (kind === 'entry-point') return { path, namespace: 'used' };
        return isOutside(path) ? { path, external: true } : undefined;
      });
      onLoad({ filter: driver }, ({ path }) =>
        path.endsWith(`${sep}PostgresDriver.js`) ? undefined : { contents: '' },
      );
      onLoad({ filter: /.*/, namespace: 'used' }, ({ path }) => ({
        contents: `export { ${[...(used.get(path) ?? [])].join(', ')} } from '${path}';`,
        resolveDir: process.cwd(),
      }));
    },
  };
}

function isOutside(specifier: string): boolean {
  return Object.keys(dependencies).some(
    (name) => specifier === name || specifier.startsWith(`${name}/`),
  );
}

/** The text of a file that imports its packages from where they are put. */
async function withBundles(
  file: string,
  packages: string,
  used: Map<string, Set<string>>,
): Promise<string> {
  let text = readFileSync(file, 'utf8');
  for (const { specifier, start, end, names } of importsOf(file, text)) {
    if (!/^[^./]/.test(specifier) || isBuiltin(specifier)) continue;
    if (isOutside(specifier)) continue;
    const all = used.get(specifier) ?? new Set();
    used.set(specifier, all);
    for (const name of names ?? (await exportsOf(specifier))) all.add(name);
    const bundle = relative(dirname(file), join(packages, `${nameOf(specifier)}.js`));
    text = `${text.slice(0, start)}'${bundle.replaceAll('\\', '/')}'${text.slice(end)}`;
  }
  return text;
}

/** The last one first: a text can then be changed from its end. */
function importsOf(file: string, text: string): readonly Import[] {
  const { module, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const imports: Import[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    const { value: specifier, start, end } = moduleRequest;
    const isWhole = entries.some(({ importName }) => importName.kind === 'NamespaceObject');
    const names = entries.map(({ importName }) => importName.name ?? 'default');
    imports.push({ specifier, start, end, names: isWhole ? undefined : names });
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const { start, end } = moduleRequest;
    const literal = /^['"](.+)['"]$/.exec(text.slice(start, end));
    if (literal?.[1]) imports.push({ specifier: literal[1], start, end, names: undefined });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) {
      if (!moduleRequest) continue;
      if (/^[^./]/.test(moduleRequest.value)) throw new Error(`${file} exports what a package has`);
    }
  }
  return imports.sort((one, other) => other.start - one.start);
}

async function exportsOf(specifier: string): Promise<readonly string[]> {
  return Object.keys(await import(specifier)).filter((name) => /^[\w$]+$/.test(name));
}

function nameOf(specifier: string): string {
  return specifier.replace('@', '').replaceAll('/', '-');
}
