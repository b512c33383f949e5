import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { canPin, cores } from './pinned-process.ts';

const gigabyte = 2 ** 30;

/** The machine, and the versions of whatever takes part in a run. */
export function describeMachine(): readonly string[] {
  const processors = cpus();
  return [
    `${processors.length} × ${processors[0]?.model}, ${Math.round(totalmem() / gigabyte)} GB, ${type()} ${release()}`,
    canPin
      ? `servers on core ${cores.server}, the load on core ${cores.load}`
      : 'no process is kept on a core',
    `Node ${process.version}; ${versions()}`,
  ];
}

function versions(): string {
  const { dependencies } = JSON.parse(readFileSync('bench/peers/package.json', 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}
