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

/** What a page of GraphiQL asks, and what it opens with. */
export interface GraphiqlSettings {
  /** The way from the page to the files, relative: a prefix of a proxy before us is none of ours. */
  readonly files: string;
  readonly title: string;
  /** Under what the browser keeps its tabs: two pages of one origin are no tabs of each other. */
  readonly memory: string;
  /** The document in the editor; below it is the place for the access token. */
  readonly document: string;
}

const afterwards = `
# Put the access token into Authorization below, as "Bearer …", and ask who you are:
#
#   { me { id roles } }
`;

/** For /graphql. @param mutation what is tried first, where the graph has it */
export function publicGraphiql(mutation: string | undefined): GraphiqlSettings {
  const document = mutation === undefined ? '{\n  __typename\n}\n' : `${mutation}\n${afterwards}`;
  return { files: 'graphiql', title: 'GraphiQL', memory: '', document };
}

/** For /admin/graphql. */
export const administrationGraphiql: GraphiqlSettings = {
  files: '../graphiql',
  title: 'GraphiQL for administrators',
  memory: 'administration:',
  document: `# Put an administrator's access token into Authorization below, as "Bearer …".
# npx graphql-gatehouse users grant-role ada@example.com admin  makes one, who then refreshes.

{
  users(first: 10) {
    nodes {
      id
      email
      roles
    }
  }
}
`,
};

// An empty Authorization is nobody, so that the place for the token may stay empty.
const headers = '{\n  "Authorization": ""\n}';

function pageOf({ files, title, memory, document }: GraphiqlSettings): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Gatehouse · ${title}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${files}/graphiql.css" />
    <style>body { margin: 0; } #graphiql { height: 100vh; }</style>
  </head>
  <body>
    <div id="graphiql">Loading GraphiQL…</div>
    <script src="${files}/react.js"></script>
    <script src="${files}/react-dom.js"></script>
    <script src="${files}/graphiql.js"></script>
    <script>
      const fetcher = GraphiQL.createFetcher({ url: 'graphql' });
      const own = (name) => ${JSON.stringify(memory)} + name;
      const storage = {
        get length() { return localStorage.length; },
        getItem: (name) => localStorage.getItem(own(name)),
        setItem: (name, value) => localStorage.setItem(own(name), value),
        removeItem: (name) => localStorage.removeItem(own(name)),
        clear: () => localStorage.clear(),
      };
      const root = ReactDOM.createRoot(document.getElementById('graphiql'));
      root.render(React.createElement(GraphiQL, {
        fetcher,
        storage,
        shouldPersistHeaders: true,
        defaultQuery: ${JSON.stringify(document)},
        defaultHeaders: ${JSON.stringify(headers)},
        defaultEditorToolsVisibility: 'headers',
      }));
    </script>
  </body>
</html>
`;
}

const policy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
].join('; ');

/** The page of GraphiQL, for development without internet: nothing of it comes from elsewhere. */
export function graphiqlPage(settings: GraphiqlSettings): RequestHandler {
  const page = pageOf(settings);
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
