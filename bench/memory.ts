/**
 * `npm run bench:memory`: 200,000 requests that never repeat: documents, tokens, cookies, e-mail
 * addresses. What the built server keeps afterwards is compared with what it kept after the first
 * tenth. Before that, log-ins alone fill the counters of attempts, of which so many are kept on purpose.
 */
import { randomBytes } from 'node:crypto';
import { startBuiltServer } from './built-server.ts';

const total = Number(process.argv[2] ?? 200_000);
/** More than the 20,000 addresses whose attempts a process remembers without Redis and PostgreSQL. */
const filling = 21_000;
const parallel = 16;
const tolerated = 1.1;
const megabyte = 1_048_576;
const server = await startBuiltServer({
  TRUST_PROXY: '127.0.0.1',
  BCRYPT_COST: '4',
  LOG_LEVEL: 'silent',
});

const random = (bytes: number) => randomBytes(bytes).toString('base64url');
const address = () => randomBytes(4).join('.');
const login = 'mutation ($input: LoginInput!) { login(input: $input) { tokenType } }';

type Make = () => {
  readonly headers?: Record<string, string>;
  readonly body: { readonly query: string; readonly variables?: unknown };
};
const logIn: Make = () => ({
  body: {
    query: login,
    variables: { input: { identifier: `${random(9)}@example.com`, password: random(12) } },
  },
});
/** Each kind in turn. */
const kinds: readonly Make[] = [
  logIn,
  () => ({ body: { query: `{ me { id } } # ${random(100)}` } }),
  () => ({ body: { query: `query Q${random(9).replaceAll('-', '_')} { me { id roles } }` } }),
  () => ({ body: { query: `{ ${random(6).replaceAll('-', '_')} }` } }),
  () => ({ body: { query: '{ me { id } }' }, headers: { authorization: `Bearer ${random(120)}` } }),
  () => ({
    body: { query: '{ me { id } }' },
    headers: { authorization: `Bearer ${random(40)}.${random(90)}.${random(64)}` },
  }),
  () => ({
    body: { query: 'mutation { refreshToken { tokenType } }' },
    headers: { cookie: `refreshToken=gtr_${random(89)}; gatehouse-device=ghd_${random(65)}` },
  }),
  () => ({
    body: { query: '{ me { id } }' },
    headers: { accept: `application/json, x/${random(5)}` },
  }),
];

try {
  const started = performance.now();
  let sent = 0;
  const statuses = new Map<number, number>();
  const sendUntil = (count: number, kinds: readonly Make[]) =>
    Promise.all(
      Array.from({ length: parallel }, async () => {
        while (sent < count) {
          const make = kinds[sent % kinds.length];
          sent += 1;
          if (!make) continue;
          const { headers, body } = make();
          const answer = await fetch(`${server.url}/graphql`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              'x-forwarded-for': address(),
              ...headers,
            },
            body: JSON.stringify(body),
          });
          await answer.arrayBuffer();
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        }
      }),
    );

  await sendUntil(filling, [logIn]);
  print(`${sent} log-ins fill the counters`);
  sent = 0;
  statuses.clear();
  const samples: { readonly heap: number; readonly rss: number }[] = [];
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    await sendUntil((total * tenth) / 10, kinds);
    const { heapUsed, external, rss } = await server.memory();
    const sample = { heap: (heapUsed + external) / megabyte, rss: rss / megabyte };
    samples.push(sample);
    print(
      `${sent} requests: ${sample.heap.toFixed(1)} MB in use, ${sample.rss.toFixed(0)} MB resident`,
    );
  }
  const seconds = (performance.now() - started) / 1_000;
  print(
    `${(total / seconds).toFixed(0)} requests a second; answers: ${JSON.stringify(Object.fromEntries(statuses))}`,
  );
  const [first, last] = [samples[0], samples.at(-1)];
  const growth = first && last ? last.heap / first.heap : Number.NaN;
  print(`memory in use, end against first tenth: ${growth.toFixed(3)} (at most ${tolerated})`);
  process.exitCode = growth <= tolerated ? 0 : 1;
} finally {
  await server.stop();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
