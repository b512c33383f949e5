import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askMe, meQuery } from './ask-me.ts';
import { startGatehouse } from './gatehouse.ts';
import { startPeer } from './peer.ts';
import { inventPeople } from './people.ts';
import type { Measured, Ratio } from './report.ts';
import { type Contestant, measuredRaces, race, raceRatios } from './requests.ts';
import type { Scenario } from './scenario.ts';

const connections = 32;
const tokenCounts = [1, 5_000] as const;
/** What is in a URL beside the path is nothing that the lane knows: the same request, by the long way. */
const longWay = '/graphql?way=long';

/** `me` out of a verified token: what stands in front of every request. No database is asked. */
export const meFromToken: Scenario = {
  name: 'me-from-token',
  needs: 'node',
  inShort: true,
  async run(bench) {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
    const ours = await startGatehouse({});
    const contestants = {
      ours: { name: 'Gatehouse', path: '/graphql', server: ours },
      known: { name: 'Gatehouse, known but not in the lane', path: longWay, server: ours },
      node: await startPeer('node:http with jsonwebtoken', 'node-http'),
      mercurius: await startPeer('Mercurius with JIT, fast-jwt with its cache', 'mercurius'),
      floor: await startPeer('the floor', 'floor', {}, join(folder, 'log')),
      ...(bench.short
        ? {}
        : {
            yoga: await startPeer('GraphQL Yoga with its JWT plugin', 'yoga'),
            tutorial: await startPeer(
              'Apollo Server, Express, TypeGraphQL, a string secret',
              'tutorial',
            ),
          }),
    } satisfies Record<string, Contestant>;
    const measured: Measured[] = [];
    const ratios: Ratio[] = [];
    try {
      for (const count of bench.short ? [1] : tokenCounts) {
        const about = count === 1 ? ', one token' : `, ${count.toLocaleString('en')} tokens`;
        bench.tell(`me from the token${about}`);
        const requests = inventPeople(count).map(askMe);
        const races = await race(bench, contestants, { connections, requests, awake: true });
        measured.push(...measuredRaces(contestants, races, about));
        const ratio = (
          way: 'ours' | 'known',
          theirs: 'mercurius' | 'node' | 'floor',
          least: number,
        ): readonly Ratio[] =>
          raceRatios(
            `me-from-token-${count}-${way}-${theirs}`,
            `\`me\` from the token${about}${way === 'known' ? ', not in the lane' : ''}, to ${contestants[theirs].name}`,
            races[way],
            races[theirs],
            least,
          );
        ratios.push(
          ...ratio('ours', 'mercurius', 1),
          ...ratio('ours', 'node', 1),
          ...ratio('ours', 'floor', 0.8),
          ...ratio('known', 'mercurius', 0.85),
        );
      }
    } finally {
      for (const { server } of Object.values(contestants)) await server.stop();
      rmSync(folder, { recursive: true });
    }
    return {
      title: '`me` from the token',
      how: `${connections} connections ask \`${meQuery}\` with HS256 tokens. Gatehouse runs with limits, metrics, the log at info into a file, the revocation set and security headers. The floor is a node:http server that reads the body, looks the verified token up, and writes the same headers and one line of log. A known operation that is not in the lane is what a request is that comes in parts, or with a query in its URL.`,
      measured,
      ratios,
    };
  },
};
