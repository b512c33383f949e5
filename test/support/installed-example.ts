import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { freePort } from '../chaos/free-port.ts';
import { buildFolder } from './build.ts';
import { type EmptyProject, makeEmptyProject } from './empty-project.ts';
import type { RunningProgram } from './running-program.ts';

export interface InstalledExample extends EmptyProject {
  /** Runs one of its npm scripts, at a free port for its gateway. */
  readonly start: (script: string) => Promise<RunningProgram>;
}

/**
 * An example as whoever copies it has it: in a folder of its own, and what it depends on comes from
 * npm, but for our packages, which are packed as publishing them would.
 */
export async function installExample(name: string): Promise<InstalledExample> {
  const project = makeEmptyProject();
  cpSync(join('examples', name), project.folder, {
    recursive: true,
    filter: (path) => !['node_modules', '.gatehouse', '.env'].includes(basename(path)),
  });
  const tarballs = await Promise.all([
    project.pack('.'),
    project.pack(join(buildFolder, 'npm', 'graphql-gatehouse-client')),
  ]);
  await project.npm('install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs);
  return {
    ...project,
    start: async (script) => project.spawn('npm', ['run', script], { PORT: `${await freePort()}` }),
  };
}
