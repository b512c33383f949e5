import { copyFileSync, mkdirSync } from 'node:fs';
import { graphiqlFiles, installedGraphiqlFile } from '../src/http/graphiql.ts';

/** Puts GraphiQL's files into the package: a published package needs no React to be installed. */
const folder = new URL('../dist/src/http/graphiql/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of Object.keys(graphiqlFiles) as (keyof typeof graphiqlFiles)[]) {
  copyFileSync(installedGraphiqlFile(name), new URL(name, folder));
}
