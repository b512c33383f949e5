import type { BuiltServer } from './built-server.ts';

const program = `
  import { Module } from 'node:module';
  process.on('SIGUSR2', () => {
    const line = { msg: 'modules.loaded', modules: Object.keys(Module._cache) };
    process.stdout.write(JSON.stringify(line) + '\\n');
  });`;

/** Options with which a built server tells, when asked, which packages it has loaded. */
export const tellsLoadedModules = [
  '--import',
  `data:text/javascript,${encodeURIComponent(program)}`,
] as const;

/** The files of CommonJS packages that a server has loaded, however they were imported. */
export async function loadedModules(server: BuiltServer): Promise<readonly string[]> {
  server.kill('SIGUSR2');
  for (;;) {
    const line = server.lines.find(({ msg }) => msg === 'modules.loaded');
    if (line) return line.modules as readonly string[];
    await fetch(`${server.origin}/livez`);
  }
}
