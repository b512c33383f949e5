import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

/**
 * Bytes of each entry point of a package, minified and gzipped. What one shares with `.` is counted
 * there alone, and the packages that it imports nowhere.
 *
 * @param entryPoints the file of each, below the folder
 */
export async function measureEntryPoints(
  folder: string,
  entryPoints: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, number>>> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: Object.values(entryPoints),
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
  const sizeOf = (parts: readonly string[]) =>
    parts.reduce((sum, part) => sum + (sizes.get(join(folder, part)) ?? 0), 0);
  const core = entryPoints['.'] === undefined ? [] : partsOf(metafile, entryPoints['.']);
  return Object.fromEntries(
    Object.entries(entryPoints).map(([entry, file]) => {
      const parts = partsOf(metafile, file);
      return [entry, sizeOf(entry === '.' ? parts : parts.filter((part) => !core.includes(part)))];
    }),
  );
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
