import { setTimeout as sleep } from 'node:timers/promises';
import { startGatehouse } from './gatehouse.ts';
import { inventPeople } from './people.ts';
import type { Scenario } from './scenario.ts';

const requests = 100_000;
/** Node 22 and later keep what they have compiled beside the build for the next start. */
const milliseconds = Number(process.versions.node.split('.')[0]) < 22 ? 450 : 380;
const megabytes = 115;
/** Milliseconds after which a server that nobody asks has settled. */
const settling = 2_000;

/** From the start of the process to its first answer, and the memory that it holds. */
export const startUp: Scenario = {
  name: 'start-up',
  needs: 'postgres',
  inShort: false,
  async run({ load, makeDatabase, rounds, tell }) {
    tell('start-up and memory');
    const { url } = await makeDatabase();
    const [person] = inventPeople(1);
    const body = JSON.stringify({ query: '{ me { id roles } }' });
    const headers = { authorization: `Bearer ${person?.accessToken}` };
    const figures = { started: [] as number[], idle: [] as number[], busy: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const server = await startGatehouse({ DATABASE_URL: url });
      const asked = performance.now();
      const answer = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      if (answer.status !== 200) throw new Error(`the first answer was ${await answer.text()}`);
      await answer.arrayBuffer();
      figures.started.push(server.startedIn + performance.now() - asked);
      await sleep(settling);
      figures.idle.push(await server.residentMegabytes());
      if (round === 0) {
        const task = { port: server.port, path: '/graphql', connections: 32 };
        for (let answered = 0; answered < requests; ) {
          const result = await load.run({
            ...task,
            milliseconds: 5_000,
            requests: [{ headers, body }],
          });
          answered += result.answered;
        }
        figures.busy.push(await server.residentMegabytes());
      }
      await server.stop();
    }
    return {
      title: 'Start-up and memory',
      how: 'On PostgreSQL with the migrations done, from the start of the process to the first answer of `me`; resident memory as Linux counts it.',
      measured: [
        { what: 'start to the first answer', unit: 'ms', rounds: figures.started },
        { what: 'resident memory after the start', unit: 'MB', rounds: figures.idle },
        {
          what: `resident memory after ${requests.toLocaleString('en')} requests`,
          unit: 'MB',
          rounds: figures.busy,
        },
      ],
      ratios: [
        {
          id: 'start-up-time',
          what: `start to the first answer, to ${milliseconds} ms`,
          rounds: figures.started.map((value) => value / milliseconds),
          goal: { most: 1 },
        },
        {
          id: 'start-up-memory',
          what: `resident memory after the start, to ${megabytes} MB`,
          rounds: figures.idle.map((value) => value / megabytes),
          goal: { most: 1 },
        },
      ],
    };
  },
};
