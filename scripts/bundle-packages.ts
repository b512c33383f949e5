import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parseSync } from 'oxc-parser';

/**
 * Puts the packages that the built server imports into few files, and lets it import them from there:
 * Node spends half of a start on finding and reading 1,200 files of packages. Our own files stay as
 * tsc wrote them, so that a stack trace names them.
 *
 * Whatever imports GraphQL goes in, for there may be one copy of it only. What stays outside has
 * native code or files beside it, or is found by OpenTelemetry when it is loaded (pg).
 */
const outside = [
  /^pg$/,
  /^piscina$/,
  /^ioredis$/,
  /^@electric-sql\//,
  /^@node-rs\/argon2$/,
  /^@opentelemetry\//,
  /^@graphql-hive\/router-query-planner$/,
];

/** TypeORM loads the drivers of all its databases, two fifths of its code. */
const driver = /[\\/]typeorm[\\/]driver[\\/][\w-]+[\\/]\w+Driver\.js$/;

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const packages = join(dist, 'packages');

/** Subgraphs run the kit in processes of their own, with a GraphQL of their own. */
const kit = join(dist, 'src', 'subgraph');

interface Import {
  readonly specifier: string;
  /** Where it stands in the file, its quotes too. */
  readonly start: number;
  readonly end: number;
  /** Undefined where it can't be told which names are used. */
  readonly names: readonly string[] | undefined;
}

const files = ['src', 'migrations']
  .flatMap((folder) =>
    readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(dist, folder, file),
    ),
  )
  .filter((file) => file.endsWith('.js') && !file.startsWith(kit));
const used = new Map<string, Set<string>>();
for (const file of files) writeFileSync(file, await importBundles(file));

const { outputFiles } = await build({
  entryPoints: [...used.keys()].map((specifier) => ({ in: specifier, out: nameOf(specifier) })),
  outdir: packages,
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
  legalComments: 'linked',
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
  },
  logLevel: 'warning',
  plugins: [
    {
      name: 'only what is used',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
          if (kind === 'entry-point') return { path, namespace: 'used' };
          return outside.some((rule) => rule.test(path)) ? { path, external: true } : undefined;
        });
        onLoad({ filter: driver }, ({ path }) =>
          path.endsWith(`${sep}PostgresDriver.js`) ? undefined : { contents: '' },
        );
        onLoad({ filter: /.*/, namespace: 'used' }, ({ path }) => ({
          contents: `export { ${[...(used.get(path) ?? [])].join(', ')} } from '${path}';`,
          resolveDir: dist,
        }));
      },
    },
  ],
});

rmSync(packages, { recursive: true, force: true });
mkdirSync(packages);
let isNamingFound = false;
for (const { path, text } of outputFiles) writeFileSync(path, nameClassesOnly(text));
if (!isNamingFound) throw new Error('esbuild keeps names in a way that is not known here');

/**
 * esbuild gives every function its name, each time that it is made, and those that are made for each
 * request cost it two fifths more processor time. Only classes need theirs.
 */
function nameClassesOnly(text: string): string {
  const naming = '__name=(target,value)=>__defProp(target,"name",{value,configurable:!0})';
  isNamingFound ||= text.includes(naming);
  return text
    .replace(naming, '__name=(target)=>target')
    .replaceAll(
      /static\{__name\(this,("[^"]*")\)\}/g,
      'static{Object.defineProperty(this,"name",{value:$1,configurable:!0})}',
    );
}

/** The text of a file that imports its packages from where they are put. */
async function importBundles(file: string): Promise<string> {
  let text = readFileSync(file, 'utf8');
  for (const { specifier, start, end, names } of importsOf(file, text)) {
    if (!/^[^./]/.test(specifier) || isBuiltin(specifier)) continue;
    if (outside.some((rule) => rule.test(specifier))) continue;
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
