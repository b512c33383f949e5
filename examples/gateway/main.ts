/**
 * `npm run example:gateway`: the gateway with an embedded database, and two subgraphs behind it. Signs
 * somebody in, asks across all three, and ends; with `-- --stay` it stays for you to try. README.md
 * walks through it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { startProducts } from './products.ts';
import { startReviews } from './reviews.ts';
import { tellStory } from './story.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const isFixed = process.env.PORT !== '0';
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-example-'));
const port = isFixed ? Number(process.env.PORT ?? 4000) : await freePort();
const origin = `http://localhost:${port}`;

const products = await listen(await startProducts(origin), isFixed ? 4001 : 0);
const reviews = await listen(startReviews(origin), isFixed ? 4002 : 0);
const gateway = await createGateway(
  readConfig({
    ...process.env,
    PORT: String(port),
    PUBLIC_URL: origin,
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: '',
    GATEHOUSE_CONFIG: writeSettings(),
    LOG_LEVEL: 'warn',
  }),
);
try {
  await tellStory({ gateway: origin, products: urlOf(products) });
  if (process.argv.includes('--stay')) {
    process.stdout.write(`\nTry it: ${origin}/graphql. Ctrl+C ends it.\n`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} finally {
  await gateway.stop();
  for (const server of [products, reviews]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
}

/** gatehouse.yaml, with the subgraphs where they are listening. */
function writeSettings(): string {
  const settings = parse(readFileSync(here('gatehouse.yaml'), 'utf8'));
  const path = join(folder, 'gatehouse.yaml');
  const urls: Readonly<Record<string, string>> = {
    products: urlOf(products),
    reviews: urlOf(reviews),
  };
  writeFileSync(
    path,
    stringify({
      ...settings,
      subgraphs: settings.subgraphs.map((entry: { name: string; schema: string }) => ({
        ...entry,
        url: urls[entry.name],
        schema: here(entry.schema),
      })),
      authorization: {
        ...settings.authorization,
        policies: here(settings.authorization.policies),
      },
    }),
  );
  return path;
}

async function listen(server: Server, at: number): Promise<Server> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at, '127.0.0.1', resolve);
  });
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

async function freePort(): Promise<number> {
  const probe = await listen(createServer(), 0);
  const { port: found } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return found;
}
