import { relative } from 'node:path';
import type { Config } from './config/config.ts';
import { firstMutation } from './graphql/first-mutation.ts';

/** The three lines of a start in development. */
export function welcome({
  http,
  database,
  dataDir,
  names,
  pages,
}: Pick<Config, 'http' | 'database' | 'dataDir' | 'names' | 'pages'>): readonly string[] {
  const url = http.publicUrl;
  const mutation = firstMutation(names);
  const folder = relative('', dataDir) || '.';
  const kept =
    database.url === undefined
      ? `database and secrets in ${folder} (a power cut may lose the last commits)`
      : `secrets in ${folder}`;
  const forPeople = pages.account ? `; pages for people: ${url}/account` : '';
  return [
    `Gatehouse listens on ${url}/graphql (without internet: ${url}/graphiql${forPeople})`,
    `Development mode: ${kept}. NODE_ENV=production asks for your own.`,
    ...(mutation === undefined ? [] : [`Try: ${mutation.replace(/\s+/g, ' ')}`]),
  ];
}
