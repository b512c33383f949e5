/**
 * `npm run bench:memory`: 200,000 requests that never repeat (documents, tokens, cookies, e-mail
 * addresses), then 200,000 that always do. What the built server keeps after each is compared with what it
 * kept after their first tenth. Before that, log-ins alone fill the counters of attempts, of which so many
 * are kept on purpose.
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

interface Person {
  readonly accessToken: string;
  /** Each refresh brings another one. */
  cookie: string;
}

type Make = (person: Person) => {
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
const neverRepeated: readonly Make[] = [
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

const as = ({ accessToken }: Person) => ({ authorization: `Bearer ${accessToken}` });
const known: readonly Make[] = [
  (person) => ({ body: { query: '{ me { id roles } }' }, headers: as(person) }),
  (person) => ({ body: { query: '{ me { id email createdAt } }' }, headers: as(person) }),
  (person) => ({
    body: {
      query: 'query Me($all: Boolean!) { me { id roles @include(if: $all) } }',
      variables: { all: true },
    },
    headers: as(person),
  }),
  () => ({ body: { query: '{ me { id } }' }, headers: { authorization: 'Bearer nonsense' } }),
  ({ cookie }) => ({
    body: { query: 'mutation { refreshToken { tokenType } }' },
    headers: { cookie },
  }),
];

try {
  const people = await Promise.all(Array.from({ length: parallel }, register));
  let sent = 0;
  const sendUntil = (count: number, kinds: readonly Make[], statuses = new Map<number, number>()) =>
    Promise.all(
      people.map(async (person) => {
        while (sent < count) {
          const make = kinds[sent % kinds.length];
          sent += 1;
          if (!make) continue;
          const answer = await send(make(person));
          await answer.arrayBuffer();
          person.cookie = refreshCookieOf(answer) ?? person.cookie;
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        }
      }),
    );

  await sendUntil(filling, [logIn]);
  print(`${sent} log-ins fill the counters`);
  for (const [what, kinds] of Object.entries({ 'never repeat': neverRepeated, repeat: known })) {
    print(`requests that ${what}:`);
    sent = 0;
    const statuses = new Map<number, number>();
    const started = performance.now();
    const samples: number[] = [];
    for (let tenth = 1; tenth <= 10; tenth += 1) {
      await sendUntil((total * tenth) / 10, kinds, statuses);
      const { heapUsed, external, rss } = await server.memory();
      const inUse = (heapUsed + external) / megabyte;
      samples.push(inUse);
      print(`${sent}: ${inUse.toFixed(1)} MB in use, ${(rss / megabyte).toFixed(0)} MB resident`);
    }
    const seconds = (performance.now() - started) / 1_000;
    print(
      `${(total / seconds).toFixed(0)} requests a second; answers: ${JSON.stringify(Object.fromEntries(statuses))}`,
    );
    const growth = (samples.at(-1) ?? Number.NaN) / (samples[0] ?? Number.NaN);
    print(`memory in use, end against first tenth: ${growth.toFixed(3)} (at most ${tolerated})`);
    if (!(growth <= tolerated)) process.exitCode = 1;
  }
} finally {
  await server.stop();
}

async function register(): Promise<Person> {
  const answer = await send({
    body: {
      query:
        'mutation ($input: RegisterInput!) { register(input: $input) { accessToken tokenType } }',
      variables: { input: { email: `${random(9)}@example.com`, password: random(12) } },
    },
  });
  const { data } = (await answer.json()) as { data: { register: { accessToken: string } } };
  const cookie = refreshCookieOf(answer);
  if (cookie === undefined) throw new Error('a registration brought no refresh cookie');
  return { accessToken: data.register.accessToken, cookie };
}

/** From an address of its own each time: none of them meets a limit of addresses. */
function send({ headers, body }: ReturnType<Make>): Promise<Response> {
  return fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address(), ...headers },
    body: JSON.stringify(body),
  });
}

function refreshCookieOf(answer: Response): string | undefined {
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  return cookies.find((cookie) => /^refreshToken=./.test(cookie));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
