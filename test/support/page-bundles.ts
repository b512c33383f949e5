import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { buildFolder } from './build.ts';
import { makeEmptyProject } from './empty-project.ts';
import type { PageFiles } from './gateway-proxy.ts';

/** As its documentation says. */
const preact = {
  react: resolve('node_modules/preact/compat'),
  'react-dom': resolve('node_modules/preact/compat'),
  'react-dom/client': resolve('node_modules/preact/compat/client.mjs'),
};

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
    const kit = join(project.folder, 'node_modules', 'graphql-gatehouse-client');
    const builds = await Promise.all(
      sources.map((name) =>
        build({
          entryPoints: [resolve('test/browser/pages', `${name}.ts`)],
          outdir: '/',
          bundle: true,
          write: false,
          format: 'esm',
          target: 'es2022',
          minify: true,
          define: { 'process.env.NODE_ENV': '"production"' },
          alias: { 'graphql-gatehouse-client': kit, ...(name === 'preact' ? preact : {}) },
          tsconfigRaw: {},
          nodePaths: [resolve('node_modules')],
        }),
      ),
    );
    const scripts = builds.flatMap(({ outputFiles }) =>
      outputFiles.map(({ path, text }) => [path.replace(/^.*\//, '/'), text] as const),
    );
    const pages = sources.map((name) => [`/${name}`, pageOf(name)] as const);
    return Object.fromEntries([...scripts, ...pages]);
  } finally {
    project.remove();
  }
}

function pageOf(name: string): string {
  return `<!doctype html><title>${name}</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/${name}.js"></script>`;
}
