import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { nameClassesOnly } from './name-classes-only.ts';

/**
 * What Node is started with, the programs of our own threads and processes (`programFile`), and what tests
 * start.
 */
const programs = [
  'main',
  'command',
  'gateway',
  'config/config',
  'db/embedded/embedded-server',
  'federation/planning/planner-process',
  'passwords/estimate-worker',
  'passwords/hash-worker',
];

/**
 * Puts the compiled server into few files: of a start, Node spends a quarter on finding, reading and
 * linking 600 small ones, and each costs memory for good. The maps beside them name the sources in a
 * stack trace, where Node runs with `--enable-source-maps`.
 *
 * All of them lie in one folder, so that what a module says of its own place can be told anew; a program
 * that is looked for elsewhere gets a file there that imports it.
 */
export async function bundleServer(compiled: string, output: string): Promise<void> {
  const from = join(compiled, 'src');
  const to = join(output, 'src');
  const { outputFiles, metafile } = await build({
    entryPoints: programs.map((name) => ({
      in: join(from, `${name}.js`),
      out: name.replaceAll('/', '-'),
    })),
    outdir: to,
    bundle: true,
    splitting: true,
    chunkNames: 'part-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
    sourcemap: 'linked',
    metafile: true,
    // Classes of one name share a scope here; migrations and types of GraphQL are known by those of theirs.
    keepNames: true,
    logLevel: 'warning',
    plugins: [packagesBeside(compiled), ownPlaces(from)],
  });
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const { path, text } of outputFiles) {
    writeFileSync(path, path.endsWith('.js') ? nameClassesOnly(text) : text);
  }
  for (const name of programs.filter((each) => each.includes('/'))) {
    const bundle = `${name.replaceAll('/', '-')}.js`;
    const file = join(to, `${name}.js`);
    const path = relative(dirname(file), join(to, bundle)).replaceAll(sep, '/');
    const { exports = [] } = metafile.outputs[relative('', join(to, bundle))] ?? {};
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      exports.length === 0
        ? `import '${path}';\n`
        : `export { ${exports.join(', ')} } from '${path}';\n`,
    );
  }
}

/** What `importBundles` has put beside the server stays there, and so does what is installed. */
function packagesBeside(compiled: string): Plugin {
  const packages = join(compiled, 'packages');
  return {
    name: 'packages beside',
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (!path.startsWith('.')) return { path, external: true };
        const file = resolve(dirname(importer), path);
        if (!file.startsWith(packages + sep)) return undefined;
        return { path: `../packages/${relative(packages, file)}`, external: true };
      });
    },
  };
}

/** Each module goes on to know where it would stand without the bundles. */
function ownPlaces(from: string): Plugin {
  return {
    name: 'own places',
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes('import.meta.url') || !path.startsWith(from + sep)) return undefined;
        const place = `./${relative(from, path).replaceAll(sep, '/')}`;
        return {
          contents: text.replaceAll(
            'import.meta.url',
            `new URL(${JSON.stringify(place)}, import.meta.url).href`,
          ),
        };
      });
    },
  };
}
