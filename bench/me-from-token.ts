import { askMe, meQuery } from './ask-me.ts';
import { startGatehouse } from './gatehouse.ts';
import { startPeer } from './peer.ts';
import { inventPeople } from './people.ts';
import type { Measured, Ratio } from './report.ts';
import { type Contestant, measuredRaces, race, raceRatios } from './requests.ts';
import type { Scenario } from './scenario.ts';

const connections = 32;
const tokenCounts = [1, 5_000] as const;

/** `me` out of a verified token: what stands in front of every request. No database is asked. */
export const meFromToken: Scenario = {
  name: 'me-from-token',
  needs: 'node',
  inShort: true,
  async run(bench) {
    const contestants = {
      fast: { name: 'Gatehouse', path: '/graphql', server: await startGatehouse({}) },
      slow: {
        name: 'Gatehouse, FAST_PATH=off',
        path: '/graphql',
        server: await startGatehouse({ FAST_PATH: 'off' }),
      },
      node: await startPeer('node:http with jsonwebtoken', 'node-http'),
      mercurius: await startPeer('Mercurius with JIT, fast-jwt with its cache', 'mercurius'),
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
          ours: 'fast' | 'slow',
          theirs: 'mercurius' | 'node',
          least: number,
        ): readonly Ratio[] =>
          raceRatios(
            `me-from-token-${count}-${ours}-${theirs}`,
            `\`me\` from the token${about}${ours === 'slow' ? ', `FAST_PATH=off`' : ''}, to ${contestants[theirs].name}`,
            races[ours],
            races[theirs],
            least,
          );
        ratios.push(
          ...ratio('fast', 'mercurius', 1.2),
          ...ratio('fast', 'node', 1),
          ...ratio('slow', 'mercurius', 0.85),
          ...ratio('slow', 'node', 0.7),
        );
      }
    } finally {
      for (const { server } of Object.values(contestants)) await server.stop();
    }
    return {
      title: '`me` from the token',
      how: `${connections} connections ask \`${meQuery}\` with HS256 tokens. Gatehouse runs with limits, metrics, the log at info into a file, the revocation set and security headers.`,
      measured,
      ratios,
    };
  },
};
