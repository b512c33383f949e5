import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { buildFolder } from './build.ts';
import { makeEmptyProject } from './empty-project.ts';
import type { PageFiles } from './gateway-proxy.ts';

/**
 * Pages built from the packed client kit, as an application would be: the package comes out of its
 * tarball, all else out of our own node_modules.
 *
 * @param sources the scripts below test/browser/pages, without `.ts`
 * @returns a page `/<name>` for each
 */
export async function bundlePages(sources: readonly string[]): Promise<PageFiles> {
  const project = makeEmptyProject();
  try {
    const tarball = await project.pack(join(buildFolder, 'npm', 'graphql-gatehouse-client'));
    await project.npm(
      'install',
      '--offline',
      '--no-audit',
      '--no-fund',
      '--legacy-peer-deps',
      tarball,
    );
    const { outputFiles } = await build({
      entryPoints: sources.map((name) => resolve('test/browser/pages', `${name}.ts`)),
      outdir: '/',
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      minify: true,
      define: { 'process.env.NODE_ENV': '"production"' },
      alias: {
        'graphql-gatehouse-client': join(
          project.folder,
          'node_modules',
          'graphql-gatehouse-client',
        ),
      },
      tsconfigRaw: {},
      nodePaths: [resolve('node_modules')],
    });
    const scripts = outputFiles.map(
      ({ path, text }) => [path.replace(/^.*\//, '/'), text] as const,
    );
    const pages = sources.map((name) => [`/${name}`, pageOf(name)] as const);
    return Object.fromEntries([...scripts, ...pages]);
  } finally {
    project.remove();
  }
}

function pageOf(name: string): string {
  return `<!doctype html><title>${name}</title><div id="root"></div><script type="module" src="/${name}.js"></script>`;
}
