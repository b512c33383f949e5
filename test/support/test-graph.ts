import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Resolvers } from '../../examples/gateway/federated-schema.ts';
import { createTestClock } from './test-clock.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';
import { type SubgraphContext, startTestSubgraph, type TestSubgraph } from './test-subgraph.ts';

export const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@authenticated", "@requiresScopes", "@policy"])`;

export interface SubgraphSource {
  readonly sdl: string;
  readonly entities?: readonly string[];
  readonly resolvers: Resolvers<SubgraphContext>;
  /** More of its entry in gatehouse.yaml. */
  readonly settings?: object;
}

export interface TestGraph<Name extends string> {
  readonly gateway: TestGateway;
  readonly subgraphs: Readonly<Record<Name, TestSubgraph>>;
  readonly stop: () => Promise<void>;
}

/** Starts subgraphs, and a gateway before them. */
export async function startTestGraph<Name extends string>(
  sources: Readonly<Record<Name, SubgraphSource>>,
  env: Readonly<Record<string, string>> = {},
  settings: object = {},
): Promise<TestGraph<Name>> {
  const clock = createTestClock();
  const publicUrl = 'http://gateway.test';
  const started: [Name, TestSubgraph][] = [];
  let keysUrl = '';
  for (const [name, source] of Object.entries(sources) as [Name, SubgraphSource][]) {
    const trust = () => ({ issuer: publicUrl, keysUrl, now: clock.now });
    const { sdl, entities = [], resolvers } = source;
    started.push([name, await startTestSubgraph(name, trust, sdl, entities, resolvers)]);
  }
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-graph-'));
  const file = join(folder, 'gatehouse.yaml');
  const entries = started.map(([name, { url }]) => ({ name, url, ...sources[name].settings }));
  writeFileSync(file, stringify({ subgraphs: entries, ...settings }));
  const gateway = await startTestGateway(
    { PUBLIC_URL: publicUrl, GATEHOUSE_CONFIG: file, ...env },
    clock,
  );
  keysUrl = `${gateway.origin}/.well-known/identity-jwks.json`;
  return {
    gateway,
    subgraphs: Object.fromEntries(started) as Record<Name, TestSubgraph>,
    async stop() {
      await gateway.stop();
      for (const [, subgraph] of started) await subgraph.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
