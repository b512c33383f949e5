import { once } from 'node:events';
import bcrypt from 'bcryptjs';
import { askMe } from './ask-me.ts';
import { startGatehouse } from './gatehouse.ts';
import { startLoad } from './load.ts';
import type { LoadRequest } from './load-messages.ts';
import { inventPeople, type Person, storePeople } from './people.ts';
import { cores, spawnPinned } from './pinned-process.ts';
import type { Scenario } from './scenario.ts';
import { walBytes } from './write-ahead-log.ts';

const password = 'correct horse battery staple';
/** The default cost. */
const cost = 10;
const people = 2_000;
const loggingIn = 50;
const asking = 4;

/** Log-ins against the bare hash, and what a storm of them does to everyone else. */
export const logIn: Scenario = {
  name: 'log-in',
  needs: 'postgres',
  inShort: false,
  async run({ load, makeDatabase, milliseconds, rounds, tell }) {
    tell('log-ins, and me beside them');
    const { url, client } = await makeDatabase();
    const passwordHash = bcrypt.hashSync(password, cost);
    const known = inventPeople(people);
    await storePeople(client, known, passwordHash);
    const server = await startGatehouse({
      DATABASE_URL: url,
      TRUST_PROXY: '127.0.0.1',
      HASH_WORKERS: '1',
    });
    const otherLoad = await startLoad();
    const to = { port: server.port, path: '/graphql' };
    const logIns = { ...to, connections: loggingIn, requests: known.map(logInAs) };
    const me = { ...to, connections: asking, requests: known.map(askMe) };
    const figures = {
      bare: [] as number[],
      logIns: [] as number[],
      calm: [] as number[],
      stormy: [] as number[],
      cost: [] as number[],
      wal: [] as number[],
    };
    try {
      await load.run({ ...me, milliseconds: 3_000, atLeast: 20_000 });
      for (let round = 0; round < rounds; round += 1) {
        figures.bare.push(await bareHashes(milliseconds, passwordHash));
        figures.calm.push((await load.run({ ...me, milliseconds })).p99);
        const storm = otherLoad.run({ ...logIns, milliseconds });
        figures.stormy.push((await load.run({ ...me, milliseconds })).p99);
        await storm;
        const before = [await server.processorSeconds(), await walBytes(client)] as const;
        const { answered, seconds } = await otherLoad.run({ ...logIns, milliseconds });
        figures.logIns.push(answered / seconds);
        figures.cost.push((((await server.processorSeconds()) - before[0]) / answered) * 1_000);
        figures.wal.push(((await walBytes(client)) - before[1]) / answered);
      }
    } finally {
      await otherLoad.stop();
      await server.stop();
    }
    const ratioOf = (over: readonly number[], under: readonly number[]) =>
      over.map((value, round) => value / (under[round] ?? Number.NaN));
    return {
      title: 'Log-ins',
      how: `bcrypt at cost ${cost} in one worker thread; ${loggingIn} connections log in, ${asking} ask \`me\` from the token. The bare hash is bcryptjs in a process that does nothing else, on the same core.`,
      measured: [
        { what: 'bare hash', unit: 'a second', rounds: figures.bare },
        { what: 'log-ins', unit: 'a second', rounds: figures.logIns },
        {
          what: 'processor time of a log-in, the hash in it',
          unit: 'ms',
          rounds: figures.cost,
        },
        {
          what: 'write-ahead log of a log-in',
          unit: 'bytes',
          rounds: figures.wal,
        },
        { what: '`me` beside nothing, p99', unit: 'ms', rounds: figures.calm },
        {
          what: `\`me\` beside ${loggingIn} parallel log-ins, p99`,
          unit: 'ms',
          rounds: figures.stormy,
        },
      ],
      ratios: [
        {
          id: 'log-in-bare-hash',
          what: 'log-ins, to the bare hash',
          rounds: ratioOf(figures.logIns, figures.bare),
          goal: { least: 0.95 },
        },
        {
          id: 'log-in-storm-p99',
          what: `p99 of \`me\` beside ${loggingIn} parallel log-ins, to its idle p99`,
          rounds: ratioOf(figures.stormy, figures.calm),
          goal: { most: 2 },
        },
      ],
    };
  },
};

async function bareHashes(milliseconds: number, passwordHash: string): Promise<number> {
  const child = spawnPinned(
    cores.server,
    ['--import', 'tsx', 'bench/bare-hash.ts', String(milliseconds), passwordHash, password],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text);
}

function logInAs({ email }: Person, index: number): LoadRequest {
  return {
    // Everybody has an address to themselves: these are people, not an attack.
    headers: { 'x-forwarded-for': `198.18.${index >> 8}.${index & 255}` },
    body: JSON.stringify({
      query: 'mutation ($input: LoginInput!) { login(input: $input) { tokenType } }',
      variables: { input: { identifier: email, password, delivery: 'BODY' } },
    }),
    expected: { data: { login: { tokenType: 'Bearer' } } },
    // A slow machine may not get through the queue in time.
    tolerated: '"BUSY"',
  };
}
