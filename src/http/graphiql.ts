import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';
import { HttpError } from './http-error.ts';

/** The files of GraphiQL, by the package and the path in it that they come from. */
export const graphiqlFiles = {
  'react.js': ['react', 'umd/react.production.min.js'],
  'react-dom.js': ['react-dom', 'umd/react-dom.production.min.js'],
  'graphiql.js': ['graphiql', 'graphiql.min.js'],
  'graphiql.css': ['graphiql', 'graphiql.min.css'],
} as const satisfies Record<string, readonly [string, string]>;

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Gatehouse · GraphiQL</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/graphiql/graphiql.css" />
    <style>body { margin: 0; } #graphiql { height: 100vh; }</style>
  </head>
  <body>
    <div id="graphiql">Loading GraphiQL…</div>
    <script src="/graphiql/react.js"></script>
    <script src="/graphiql/react-dom.js"></script>
    <script src="/graphiql/graphiql.js"></script>
    <script>
      const fetcher = GraphiQL.createFetcher({ url: '/graphql' });
      const root = ReactDOM.createRoot(document.getElementById('graphiql'));
      root.render(React.createElement(GraphiQL, { fetcher, shouldPersistHeaders: true }));
    </script>
  </body>
</html>
`;

const policy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
].join('; ');

/** The page of GraphiQL, for development without internet: nothing of it comes from elsewhere. */
export function graphiqlPage(): RequestHandler {
  return (_request, response) => {
    response.setHeader('content-security-policy', policy);
    response.type('html').send(page);
  };
}

/** One of its files. */
export function graphiqlFile(): RequestHandler {
  return (request, response, next) => {
    const name = request.params.file;
    if (typeof name !== 'string' || !Object.hasOwn(graphiqlFiles, name)) {
      throw new HttpError(404, 'NOT_FOUND', 'There is nothing here.');
    }
    response.sendFile(fileOf(name as keyof typeof graphiqlFiles), { maxAge: '1h' }, next);
  };
}

/** The published package has the files beside this one; a checkout has them where npm installed them. */
function fileOf(name: keyof typeof graphiqlFiles): string {
  const packed = join(dirname(fileURLToPath(import.meta.url)), 'graphiql', name);
  return existsSync(packed) ? packed : installedGraphiqlFile(name);
}

export function installedGraphiqlFile(name: keyof typeof graphiqlFiles): string {
  const [packageName, path] = graphiqlFiles[name];
  const packageJson = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return join(dirname(packageJson), path);
}
