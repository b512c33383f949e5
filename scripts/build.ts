import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages } from './build-packages.ts';
import { buildPages } from './build-pages.ts';
import { bundlePackages, importBundles } from './bundle-packages.ts';
import { bundleServer } from './bundle-server.ts';
import { copyGraphiql } from './copy-graphiql.ts';

/**
 * The build. Each part is made again only when what it is made of has changed, which `built.json` in
 * the output remembers. The tests have an output of their own, so that they never change the files
 * from which a server runs.
 */
const { values } = parseArgs({
  options: {
    output: { type: 'string', default: 'dist' },
    /** Only the server, or what is published beside it as well. */
    server: { type: 'boolean', default: false },
    /** Only the pages, for a server that runs from its sources. */
    pages: { type: 'boolean', default: false },
  },
});
const output = resolve(values.output);
const memory = join(output, 'built.json');
const compiler = resolve('node_modules/typescript/bin/tsc');
const always = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts'];

mkdirSync(output, { recursive: true });
const built: Record<string, string> = existsSync(memory)
  ? JSON.parse(readFileSync(memory, 'utf8'))
  : {};

await part('the pages', ['pages', 'src/client', 'src/http/pages', ...always], () =>
  buildPages(join(output, 'pages')),
);
if (values.pages) process.exit();
await part('the server', ['src', 'migrations', ...always], async () => {
  const compiled = join(output, 'compiled');
  rmSync(compiled, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [compiler, '-p', 'src/tsconfig.build.json', '--outDir', compiled],
    { stdio: 'inherit' },
  );
  const used = await importBundles(compiled);
  await bundleServer(compiled, output);
  copyGraphiql(join(output, 'src', 'http', 'graphiql'));
  const wanted = JSON.stringify([...used].map(([name, names]) => [name, [...names].sort()]).sort());
  writeFileSync(join(output, 'used.json'), wanted);
});
await part('the packages that it uses', [join(output, 'used.json'), ...always], () =>
  bundlePackages(output, new Map(JSON.parse(readFileSync(join(output, 'used.json'), 'utf8')))),
);
if (!values.server) {
  await part('what is published beside it', ['src', 'packages', 'LICENSE', ...always], () =>
    buildPackages(join(output, 'npm')),
  );
}

async function part(
  name: string,
  madeOf: readonly string[],
  make: () => Promise<void>,
): Promise<void> {
  const digest = digestOf(madeOf);
  if (built[name] === digest) return;
  const start = performance.now();
  // Should it fail, what is there is no longer what was built.
  delete built[name];
  writeFileSync(memory, JSON.stringify(built));
  process.stderr.write(`Building ${name}…`);
  await make();
  process.stderr.write(` ${((performance.now() - start) / 1_000).toFixed(1)} s\n`);
  built[name] = digest;
  writeFileSync(memory, JSON.stringify(built));
}

/** Of the names and the contents of files, and of all files below folders. */
function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesOf(path).sort()) {
      hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
