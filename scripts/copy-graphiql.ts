import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { graphiqlFiles, installedGraphiqlFile } from '../src/http/graphiql.ts';

/** Puts GraphiQL's files into the build: a published package needs no React to be installed. */
export function copyGraphiql(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(graphiqlFiles) as (keyof typeof graphiqlFiles)[]) {
    copyFileSync(installedGraphiqlFile(name), join(folder, name));
  }
}
