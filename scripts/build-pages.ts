import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { documents } from '../src/client/documents.ts';
import { bundledLicences } from './bundled-licences.ts';

/** Bytes, gzipped: what the first page needs, and all of an application in one language. */
const budgets: Readonly<Record<string, { first: number; all: number; styles: number }>> = {
  account: { first: 25_000, all: 50_000, styles: 8_000 },
  admin: { first: 60_000, all: 60_000, styles: 8_000 },
};

/**
 * Makes the pages: each folder of `pages` with a `main.tsx` is an application, and gets a folder with its
 * files, each as it is, with Brotli and with gzip, and `built.json`, which tells the server of them.
 *
 * @throws Error for whatever is larger than it may be
 */
export async function buildPages(output: string): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'texts.json'), JSON.stringify(await englishTexts()));
  for (const entry of readdirSync('pages', { withFileTypes: true })) {
    if (existsSync(join('pages', entry.name, 'main.tsx'))) {
      await buildApplication(entry.name, join(output, entry.name));
    }
  }
}

async function buildApplication(application: string, folder: string): Promise<void> {
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: [`pages/${application}/main.tsx`],
    outdir: folder,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'safari16', 'firefox115', 'chrome109'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [clientKit, oneFirstChunk(resolve('pages', application, 'main.tsx'))],
    legalComments: 'none',
    write: false,
    metafile: true,
    tsconfigRaw: {},
    logLevel: 'silent',
  });
  // Among them: a class that its style sheet does not have.
  if (warnings[0]) throw new Error(`pages/${application}: ${JSON.stringify(warnings[0])}`);
  const pages = describe(application, metafile);
  holdBudget(application, pages, new Map(outputFiles.map((file) => [basename(file.path), file])));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'LICENSES.txt'), bundledLicences(Object.keys(metafile.inputs)));
  const files = outputFiles.filter(({ path }) => !pages.superfluous.has(basename(path)));
  for (const { path, contents } of files) {
    writeFileSync(path, contents);
    writeFileSync(`${path}.gz`, gzipSync(contents, { level: 9 }));
    writeFileSync(
      `${path}.br`,
      brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
  }
  const { script, styles, preloads } = pages;
  const allowed = await documentsOf(application);
  const names = files.map(({ path }) => basename(path));
  writeFileSync(
    join(folder, 'built.json'),
    JSON.stringify({ script, styles, preloads, documents: allowed, files: names }),
  );
}

/** Every text of every page, against which `config check` holds an operator's. */
async function englishTexts(): Promise<Readonly<Record<string, string>>> {
  const all: Record<string, string> = {};
  for (const part of readdirSync('pages/messages', { withFileTypes: true })) {
    if (!part.isDirectory()) continue;
    const { outputFiles } = await build({
      entryPoints: [`pages/messages/${part.name}/en.ts`],
      bundle: true,
      format: 'esm',
      plugins: [clientKit],
      write: false,
      tsconfigRaw: {},
    });
    const code = Buffer.from(`${outputFiles[0]?.text}`).toString('base64');
    const { en } = await import(`data:text/javascript;base64,${code}`);
    Object.assign(all, en);
  }
  return all;
}

/** The text of each operation that the pages may send: where there is a list, these are on it. */
async function documentsOf(application: string): Promise<readonly string[]> {
  const generated = resolve('pages', 'generated', application, 'graphql.ts');
  const own: Readonly<Record<string, unknown>> = await import(pathToFileURL(generated).href);
  const texts = Object.entries(own).filter(([name]) => name.endsWith('Document'));
  return [...documents, ...texts.map(([, text]) => `${text}`)];
}

/** The client kit from its sources. Nothing happens when it is loaded, so what is not used is left out. */
const clientKit: Plugin = {
  name: 'client kit',
  setup({ onResolve }) {
    onResolve({ filter: /^graphql-gatehouse-client/ }, ({ path }) => ({
      path: resolve('src/client', `${path.split('/').slice(1).join('/') || 'index'}.ts`),
      sideEffects: false,
    }));
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) =>
      resolveDir.startsWith(resolve('src/client'))
        ? { path: resolve(resolveDir, path), sideEffects: false }
        : undefined,
    );
  },
};

/**
 * What is loaded later is loaded after the first page. Said of each such file, so that all that the first
 * page has is one file of its own; else it would be cut into one for each set of files that share some.
 */
function oneFirstChunk(main: string): Plugin {
  return {
    name: 'one first chunk',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) =>
        kind === 'dynamic-import' && !path.includes('/messages/')
          ? { path: resolve(resolveDir, path), pluginData: 'later' }
          : undefined,
      );
      onLoad({ filter: /\.tsx?$/ }, ({ path, pluginData }) =>
        pluginData === 'later'
          ? {
              contents: `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(main)};`,
              loader: path.endsWith('x') ? 'tsx' : 'ts',
            }
          : undefined,
      );
    },
  };
}

interface Pages {
  readonly script: string;
  readonly styles: string;
  readonly preloads: Readonly<Record<string, readonly string[]>>;
  /** Chunks in one language: of all others, the texts are left out. */
  readonly inOneLanguage: readonly string[];
  /** Style sheets of chunks: the one of the application has all of them. */
  readonly superfluous: ReadonlySet<string>;
}

function describe(application: string, { inputs, outputs }: Metafile): Pages {
  const source = `pages/${application}/main.tsx`;
  const named = Object.entries(outputs).map(([path, output]) => ({
    name: basename(path),
    path,
    ...output,
  }));
  const entry = named.find(({ entryPoint }) => entryPoint === source);
  if (!entry?.cssBundle) throw new Error(`${source} has no styles`);
  const sheet = outputs[entry.cssBundle];
  const missing = Object.keys(inputs).filter(
    (input) => input.endsWith('.css') && !Object.keys(sheet?.inputs ?? {}).includes(input),
  );
  if (missing[0])
    throw new Error(
      `${missing[0]} is not among the styles of pages/${application}: kit/styles.ts lists them`,
    );
  const closure = (path: string): readonly string[] => {
    const found = new Set([path]);
    // A set goes on to what is added while it is walked through.
    for (const each of found) {
      for (const { path: next, kind } of outputs[each]?.imports ?? []) {
        if (kind === 'import-statement') found.add(next);
      }
    }
    return [...found].map((each) => basename(each));
  };
  const texts = named.filter(({ entryPoint }) => entryPoint?.startsWith('pages/messages/'));
  const languages = texts.filter(({ entryPoint }) =>
    entryPoint?.startsWith(`pages/messages/${application}/`),
  );
  const needed = closure(entry.path);
  const scripts = named.filter(({ name }) => name.endsWith('.js')).map(({ name }) => name);
  return {
    script: entry.name,
    styles: basename(entry.cssBundle),
    preloads: Object.fromEntries(
      languages.map(({ path, entryPoint }) => [
        basename(`${entryPoint}`, '.ts'),
        [...new Set([...needed, ...closure(path)])].filter((name) => name !== entry.name),
      ]),
    ),
    inOneLanguage: scripts.filter(
      (name) => !texts.some((each) => each.name === name && !each.entryPoint?.endsWith('/en.ts')),
    ),
    superfluous: new Set(
      named
        .filter(({ name, path }) => name.endsWith('.css') && path !== entry.cssBundle)
        .map(({ name }) => name),
    ),
  };
}

function holdBudget(
  application: string,
  { script, styles, preloads, inOneLanguage }: Pages,
  files: ReadonlyMap<string, OutputFile>,
): void {
  const sizeOf = (names: readonly string[]) =>
    names.reduce(
      (sum, name) => sum + gzipSync(files.get(name)?.contents ?? '', { level: 9 }).length,
      0,
    );
  const first = Object.values(preloads).map((names) => sizeOf([script, ...names]));
  const sizes = { first: Math.max(...first), all: sizeOf(inOneLanguage), styles: sizeOf([styles]) };
  const budget = budgets[application];
  if (!budget) throw new Error(`pages/${application} has no budget`);
  const kB = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;
  process.stderr.write(
    ` ${application} (gzipped: first page ${kB(sizes.first)}, all ${kB(sizes.all)}, styles ${kB(sizes.styles)})`,
  );
  for (const [name, size] of Object.entries(sizes)) {
    const most = budget[name as keyof typeof sizes];
    if (size > most)
      throw new Error(
        `pages/${application}: ${name} has ${size} bytes, gzipped, and may have ${most}`,
      );
  }
}
