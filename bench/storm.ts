/**
 * `npm run bench:storm`: 50 parallel log-ins beside people who ask `me`. How much longer does `me` take?
 * The built server, in a process of its own, on the embedded database or DATABASE_URL's.
 */
import { startBuiltServer } from './built-server.ts';
import { percentile } from './percentile.ts';

const milliseconds = Number(process.argv[2] ?? 10_000);
const logins = 50;
const askers = 4;
const password = 'correct horse battery staple';
const server = await startBuiltServer({ TRUST_PROXY: '127.0.0.1', LOG_LEVEL: 'silent' });
try {
  const people = await Promise.all(Array.from({ length: logins }, (_, n) => settle(n)));
  const { accessToken } = people[0] ?? {};
  const ask = () => send('{ me { id roles } }', {}, { authorization: `Bearer ${accessToken}` });
  await measure('warm-up', ask, 2_000);
  const calm = await measure('calm', ask, milliseconds);
  let isOver = false;
  const counts = { loggedIn: 0, refused: 0 };
  const storm = people.map(async ({ email, address }) => {
    while (!isOver) {
      const [status] = await send(
        'mutation ($input: LoginInput!) { login(input: $input) { tokenType } }',
        { input: { identifier: email, password, delivery: 'BODY' } },
        { 'x-forwarded-for': address },
      );
      if (status === 200) counts.loggedIn += 1;
      else counts.refused += 1;
    }
  });
  const stormy = await measure('storm', ask, milliseconds);
  isOver = true;
  await Promise.all(storm);
  const perSecond = (counts.loggedIn / milliseconds) * 1_000;
  print(`log-ins: ${perSecond.toFixed(1)}/s, ${counts.refused} refused`);
  print(`p99 of me during the storm: ${(stormy / calm).toFixed(2)} times the calm one`);
} finally {
  await server.stop();
}

/** Registers somebody who has an address to themselves, as far as limits go. */
async function settle(n: number) {
  const email = `storm-${process.pid}-${n}@example.com`;
  const address = `198.18.${n}.1`;
  const [, registered] = await send(
    'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }',
    { input: { email, password, delivery: 'BODY' } },
    { 'x-forwarded-for': address },
  );
  return { email, address, accessToken: JSON.parse(registered).data.register.accessToken };
}

async function measure(
  name: string,
  ask: () => Promise<unknown>,
  duration: number,
): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + duration;
  await Promise.all(
    Array.from({ length: askers }, async () => {
      while (performance.now() < end) {
        const start = performance.now();
        await ask();
        times.push(performance.now() - start);
      }
    }),
  );
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  print(`${name}: ${times.length} requests, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
  return p99;
}

async function send(
  query: string,
  variables: object,
  headers: Record<string, string> = {},
): Promise<readonly [status: number, text: string]> {
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return [answer.status, await answer.text()];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
