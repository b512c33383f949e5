import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '../src/federation/compose-supergraph.ts';
import { freePort } from '../test/chaos/free-port.ts';
import { startGatehouse } from './gatehouse.ts';
import type { LoadRequest } from './load-messages.ts';
import { startMeasured } from './measured-server.ts';
import { startPeer } from './peer.ts';
import { inventPeople } from './people.ts';
import { cores } from './pinned-process.ts';
import { median, type Ratio } from './report.ts';
import { type Contestant, measuredRaces, race, raceRatios } from './requests.ts';
import type { Scenario } from './scenario.ts';

const connections = 16;
const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';
const sdl = {
  products: `${link}
    type Query { topProducts: [Product!]! }
    type Product @key(fields: "id") { id: ID! name: String! }`,
  reviews: `${link}
    type Product @key(fields: "id") { id: ID! reviews: [Review!]! }
    type Review { id: ID! stars: Int! }`,
} as const;

/** One query over two subgraphs, with and without somebody asking. */
export const twoSubgraphs: Scenario = {
  name: 'two-subgraphs',
  needs: 'node',
  inShort: false,
  async run(bench) {
    bench.tell('a query over two subgraphs');
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-graph-'));
    const reviewsPort = await freePort();
    const subgraphs = await startMeasured({
      script: 'bench/peers/subgraphs.mjs',
      core: cores.load,
      env: {
        PRODUCTS_SDL: sdl.products,
        REVIEWS_SDL: sdl.reviews,
        REVIEWS_PORT: String(reviewsPort),
      },
    });
    const graph = [
      { name: 'products', url: urlOf(subgraphs.port), sdl: sdl.products },
      { name: 'reviews', url: urlOf(reviewsPort), sdl: sdl.reviews },
    ];
    const supergraph = join(folder, 'supergraph.graphql');
    writeFileSync(supergraph, composeSupergraph(graph).supergraphSdl);
    const config = join(folder, 'gatehouse.json');
    writeFileSync(
      config,
      JSON.stringify({ subgraphs: graph.map((each) => settings(each, folder)) }),
    );
    const env = { SUPERGRAPH_FILE: supergraph };
    const ours = await startGatehouse({ GATEHOUSE_CONFIG: config });
    const [person] = inventPeople(1);
    const signedIn = { headers: { authorization: `Bearer ${person?.accessToken}` } };
    const contestants = {
      signedIn: { name: 'Gatehouse, signed in', path: '/graphql', server: ours, ...signedIn },
      anonymous: { name: 'Gatehouse, nobody signed in', path: '/graphql', server: ours },
      apollo: { ...(await startPeer('@apollo/gateway', 'apollo-gateway', env)), path: '/' },
      hive: await startPeer('@graphql-hive/gateway-runtime', 'hive-gateway', env),
    } satisfies Record<string, Contestant>;
    try {
      const races = await race(bench, contestants, { connections, requests: [ask] });
      const planning = await planningTimes(ours.port, signedIn.headers);
      bench.tell(`  a new document: ${median(planning).toFixed(2)} ms more than a known one`);
      const compare = (
        id: string,
        what: string,
        theirs: keyof typeof contestants,
        least: number | undefined,
      ): readonly Ratio[] =>
        raceRatios(`two-subgraphs-${id}`, what, races.signedIn, races[theirs], least);
      return {
        title: 'A query over two subgraphs',
        how: `${connections} connections ask \`${query}\`. Gatehouse authenticates and sends each subgraph an identity token for the exact body; the others do neither.`,
        measured: [
          ...measuredRaces(contestants, races),
          {
            what: 'Gatehouse, how much longer a document takes that is new',
            unit: 'milliseconds',
            rounds: planning,
          },
        ],
        ratios: [
          ...compare('apollo', 'a query over two subgraphs, to @apollo/gateway', 'apollo', 1.6),
          ...compare('hive', 'a query over two subgraphs, to Hive Gateway', 'hive', 1.3),
          ...compare(
            'anonymous',
            'a query over two subgraphs, to the same when nobody is signed in',
            'anonymous',
            undefined,
          ),
        ],
      };
    } finally {
      for (const { server } of [contestants.signedIn, contestants.apollo, contestants.hive]) {
        await server.stop();
      }
      await subgraphs.stop();
      rmSync(folder, { recursive: true });
    }
  },
};

/**
 * How much longer a document takes the first time, in milliseconds: it is parsed, validated and planned.
 * Each asks for the same in another order, one after the other.
 */
async function planningTimes(
  port: number,
  headers: Readonly<Record<string, string>>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (const document of reorderings(['id', 'name', 'reviews { id stars }', 'title: name'])) {
    const first = await timeOf(port, headers, document);
    times.push(first - (await timeOf(port, headers, document)));
  }
  return times;
}

async function timeOf(
  port: number,
  headers: Readonly<Record<string, string>>,
  document: string,
): Promise<number> {
  const began = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: document }),
  });
  const answer = (await response.json()) as { readonly errors?: unknown };
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return performance.now() - began;
}

function reorderings(fields: readonly string[]): readonly string[] {
  const orders = (left: readonly string[]): readonly (readonly string[])[] =>
    left.length === 0
      ? [[]]
      : left.flatMap((field) =>
          orders(left.filter((each) => each !== field)).map((rest) => [field, ...rest]),
        );
  return orders(fields).map((order) => `{ topProducts { ${order.join(' ')} } }`);
}

const query = '{ topProducts { id name reviews { id stars } } }';

const ask: LoadRequest = {
  headers: {},
  body: JSON.stringify({ query }),
  expected: {
    data: {
      topProducts: Array.from({ length: 5 }, (_, index) => ({
        id: `p${index}`,
        name: `Product ${index}`,
        reviews: [
          { id: `p${index}-1`, stars: 5 },
          { id: `p${index}-2`, stars: 3 },
        ],
      })),
    },
  },
};

/** A subgraph as the settings file names it. */
function settings(
  { name, url, sdl: text }: { readonly name: string; readonly url: string; readonly sdl: string },
  folder: string,
) {
  const schema = join(folder, `${name}.graphql`);
  writeFileSync(schema, text);
  return { name, url, schema };
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}/graphql`;
}
