import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

/**
 * Bytes of each entry point of a package, minified and gzipped: `.` in one piece, as a page has it.
 * What another shares with it is counted there alone, and the packages that it imports nowhere.
 *
 * @param entryPoints the file of each, below the folder
 */
export async function measureEntryPoints(
  folder: string,
  entryPoints: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, number>>> {
  const main = entryPoints['.'];
  const { metafile, sizes } = await bundle(folder, Object.values(entryPoints));
  const whole = main === undefined ? undefined : await bundle(folder, [main]);
  const core = main === undefined ? [] : partsOf(metafile, main);
  return Object.fromEntries(
    Object.entries(entryPoints).map(([entry, file]) => {
      if (entry === '.' && whole) return [entry, sum(whole.sizes.values())];
      const own = partsOf(metafile, file).filter((part) => !core.includes(part));
      return [entry, sum(own.map((part) => sizes.get(join(folder, part)) ?? 0))];
    }),
  );
}

async function bundle(folder: string, entryPoints: string[]) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints,
    outdir: join(folder, 'measured'),
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    packages: 'external',
    external: ['node:*'],
    write: false,
    metafile: true,
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [path, gzipSync(contents, { level: 9 }).length]),
  );
  return { metafile, sizes };
}

function sum(sizes: Iterable<number>): number {
  return [...sizes].reduce((all, size) => all + size, 0);
}

/** What is loaded with a file, itself too. */
function partsOf({ outputs }: Metafile, file: string): readonly string[] {
  const [own] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === file) ?? [];
  if (own === undefined) throw new Error(`there is no ${file}`);
  const parts = new Set([own]);
  // A set goes on to what is added while it is walked through.
  for (const part of parts) {
    for (const { path, external } of outputs[part]?.imports ?? []) if (!external) parts.add(path);
  }
  return [...parts];
}
