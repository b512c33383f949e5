import { fileURLToPath } from 'node:url';

/** A file that a worker thread or a process of our own runs, and Node's options that load it. */
export interface ProgramFile {
  readonly path: string;
  readonly loader: readonly string[];
}

/**
 * The program of this name, without its ending, in the folder of the module whose `import.meta.url` is
 * given (`programs` of scripts/bundle-server.ts names all of them). From the TypeScript sources (`npm run dev`) it needs the same loader.
 */
export function programFile(moduleUrl: string, name: string): ProgramFile {
  const ending = moduleUrl.endsWith('.ts') ? '.ts' : '.js';
  return {
    path: fileURLToPath(new URL(`./${name}${ending}`, moduleUrl)),
    loader: ending === '.ts' ? ['--import', 'tsx'] : [],
  };
}
