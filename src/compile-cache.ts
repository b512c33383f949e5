import module from 'node:module';
import { fileURLToPath } from 'node:url';

interface CompileCache {
  /** In Node 22.1 and later. Never throws: where the folder can't be written, it only reads. */
  readonly enableCompileCache?: (folder: string) => unknown;
}

/** Beside the build; the sources, which tsx compiles, keep none. */
const folder = import.meta.url.endsWith('.js')
  ? new URL('../compile-cache', import.meta.url)
  : null;

/**
 * Lets Node keep what it has compiled for the next start, where it can. `NODE_COMPILE_CACHE` names
 * another folder, and `NODE_DISABLE_COMPILE_CACHE=1` keeps none.
 *
 * Attack: code that somebody else on the machine puts into the cache, which V8 runs as ours. Node's own
 * choice is a folder of the system's temporary one, which everybody may make before we do. Whoever can
 * write beside the build can change the build as well.
 */
export function keepCompiledCode(
  { enableCompileCache }: CompileCache = module as CompileCache,
): void {
  if (folder && process.env.NODE_COMPILE_CACHE === undefined) {
    enableCompileCache?.(fileURLToPath(folder));
  }
}
