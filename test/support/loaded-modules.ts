import type { BuiltServer } from './built-server.ts';

const program = `
  import { Session } from 'node:inspector';
  const modules = [];
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => modules.push(params.url));
  session.post('Debugger.enable');
  process.on('SIGUSR2', () => {
    process.stdout.write(JSON.stringify({ msg: 'modules.loaded', modules }) + '\\n');
  });`;

/** Options with which a built server tells, when asked, which files it has loaded. */
export const tellsLoadedModules = [
  '--import',
  `data:text/javascript,${encodeURIComponent(program)}`,
] as const;

/** The files of JavaScript that a server has loaded. */
export async function loadedModules(server: BuiltServer): Promise<readonly string[]> {
  server.kill('SIGUSR2');
  for (;;) {
    const line = server.lines.find(({ msg }) => msg === 'modules.loaded');
    if (line) return line.modules as readonly string[];
    await fetch(`${server.origin}/livez`);
  }
}
