/**
 * `npm run bench:gateway`: a query over two subgraphs, by somebody who is signed in, with a rule on it
 * and a token of who is asking for each subgraph, against the same gateway without any of that: nobody
 * signed in, no rule, and a constant in the place of the token. How much more CPU is it?
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type BuiltServer, startBuiltServer } from './built-server.ts';

const perRound = Number(process.argv[2] ?? 3_000);
const rounds = 5;
const connections = 8;
/** Entries in the answer: a small one, and the page of a list. */
const sizes = [10, 100];

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])`;
const product = (index: number) => ({
  __typename: 'Product',
  id: `p${index}`,
  name: `Product ${index}`,
  price: index,
});
const reviewsOf = (index: number) => ({
  __typename: 'Product',
  reviews: [1, 2, 3].map((number) => ({
    id: `p${index}-${number}`,
    body: 'It boils water, and does it well.',
  })),
});
const listOf = <Entry>(size: number, make: (index: number) => Entry) =>
  Array.from({ length: size }, (_, index) => make(index));

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-gateway-'));
const subgraphs = [
  await answering((size) => ({ data: { products: listOf(size, product) } })),
  await answering((size) => ({ data: { _entities: listOf(size, reviewsOf) } })),
] as const;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const guarded = await startGateway('guarded', '@authenticated', []);
const bare = await startGateway('bare', '', [
  '--import',
  `data:text/javascript,${encodeURIComponent(withoutIdentity())}`,
]);
try {
  const accessToken = await signIn(guarded);
  const sides = {
    guarded: { server: guarded, headers: { authorization: `Bearer ${accessToken}` } },
    bare: { server: bare, headers: {} },
  };
  for (const size of sizes) {
    for (const { server, headers } of Object.values(sides)) {
      await load(server, headers, size, perRound);
    }
    const costs: Record<keyof typeof sides, number[]> = { guarded: [], bare: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['guarded', 'bare'] as const) {
        const { server, headers } = sides[side];
        const before = await server.cpu();
        await load(server, headers, size, perRound);
        costs[side].push(((await server.cpu()) - before) / perRound / 1_000);
      }
    }
    const ratios = costs.guarded.map((cost, round) => cost / (costs.bare[round] ?? cost));
    print(`${size} entries; CPU a request, median of ${rounds} rounds of ${perRound}:`);
    print(`  with authentication and identity  ${told(costs.guarded)}`);
    print(`  without                           ${told(costs.bare)}`);
    print(`  ratio                             ${median(ratios).toFixed(3)}`);
  }
} finally {
  await guarded.stop();
  await bare.stop();
  agent.destroy();
  for (const { server } of subgraphs) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
}

function startGateway(
  name: string,
  rule: string,
  nodeOptions: readonly string[],
): Promise<BuiltServer> {
  const schemas = {
    products: `${link} type Query { products(first: Int): [Product!] ${rule} } type Product @key(fields: "id") { id: ID! name: String! price: Int! }`,
    reviews: `${link} type Product @key(fields: "id") { id: ID! reviews: [Review!] } type Review { id: ID! body: String! }`,
  };
  const entries = Object.entries(schemas).map(([subgraph, sdl], index) => {
    const schema = join(folder, `${name}-${subgraph}.graphql`);
    writeFileSync(schema, sdl);
    return { name: subgraph, url: subgraphs[index]?.url, schema };
  });
  const settings = join(folder, `${name}.yaml`);
  writeFileSync(settings, stringify({ subgraphs: entries, poll: '1h' }));
  return startBuiltServer({ GATEHOUSE_CONFIG: settings, LOG_LEVEL: 'silent' }, nodeOptions);
}

/** Puts a constant in the place of the module that makes the tokens. */
function withoutIdentity(): string {
  const stub = `data:text/javascript,${encodeURIComponent(
    "export const createMintIdentity = () => () => 'none'; export const identityClaimNames = ['sid', 'scope', 'roles'];",
  )}`;
  const hooks = `data:text/javascript,${encodeURIComponent(
    `export const resolve = (specifier, context, next) => specifier.endsWith('/mint-identity.js')
       ? { url: ${JSON.stringify(stub)}, shortCircuit: true } : next(specifier, context);`,
  )}`;
  return `import { register } from 'node:module'; register(${JSON.stringify(hooks)});`;
}

async function answering(answer: (size: number) => object) {
  const texts = new Map(sizes.map((size) => [size, JSON.stringify(answer(size))]));
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.once('end', () => {
      const size = sizes.findLast(
        (each) => body.includes(`first: ${each})`) || body.includes(`"p${each - 1}"`),
      );
      response.writeHead(200, { 'content-type': 'application/json' }).end(texts.get(size ?? 0));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}/` };
}

async function signIn(server: BuiltServer): Promise<string> {
  const text = await send(
    server,
    {},
    `mutation { register(input: { email: "bench@example.com", password: "correct horse battery staple", delivery: BODY }) { accessToken } }`,
  );
  return JSON.parse(text).data.register.accessToken;
}

async function load(
  server: BuiltServer,
  headers: object,
  size: number,
  requests: number,
): Promise<void> {
  const query = `{ products(first: ${size}) { id name price reviews { id body } } }`;
  let left = requests;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left > 0) {
        left -= 1;
        const answer = await send(server, headers, query);
        if (!answer.includes(`p${size - 1}-3`) || answer.includes('errors'))
          throw new Error(answer);
      }
    }),
  );
}

function send(server: BuiltServer, headers: object, text: string): Promise<string> {
  const body = JSON.stringify({ query: text });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${server.url}/graphql`,
      { agent, method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      },
    );
    outgoing.on('error', reject).end(body);
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function told(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(3)} ms  (${least.toFixed(3)} to ${most.toFixed(3)})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
