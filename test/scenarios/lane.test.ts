import { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { DisableUserDocument, GrantRoleDocument } from '../generated/administration/graphql.ts';
import {
  registerAdministrator,
  registerPerson,
  type TestAdministrator,
} from '../support/administrators.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

const me = '{"query":"{ me { id roles } }"}';
const own = 'https://app.example';

interface Sent {
  readonly head: string;
  readonly body: string;
}

const json = 'Content-Type: application/json\r\n';
const lengthOf = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n`;

function post(headers: string, body = me, framing = json + lengthOf(body)): Sent {
  return {
    head: `POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${framing}${headers}\r\n`,
    body,
  };
}

/** What somebody may send who wants the lane and the long way to differ. */
function everyKind(bearer: string): Readonly<Record<string, Sent>> {
  const signedIn = `Authorization: Bearer ${bearer}\r\n`;
  const withVariables = (variables: unknown) =>
    JSON.stringify({
      query: 'query Q($with: Boolean! = true) { me { id roles @include(if: $with) } }',
      variables,
    });
  const kept = (sent: Sent): Sent => ({
    ...sent,
    head: sent.head.replace('Connection: close', 'Connection: keep-alive'),
  });
  const plain = post(signedIn);
  return {
    'nothing unusual': plain,
    nobody: post(''),
    'an own origin': post(`${signedIn}Origin: ${own}\r\n`),
    'a page of another site': post(`${signedIn}Origin: https://evil.example\r\nCookie: a=b\r\n`),
    'a sandboxed page': post(`${signedIn}Origin: null\r\nSec-Fetch-Site: cross-site\r\n`),
    'two origins': post(`Origin: ${own}\r\nOrigin: https://evil.example\r\n`),
    'two credentials': post(`${signedIn}${signedIn}`),
    'two harmless headers': post(`${signedIn}X-A: b\r\nX-A: c\r\n`),
    'a bad token': post(`Authorization: Bearer ${bearer.slice(0, -2)}\r\n`),
    'another scheme': post('Authorization: Basic YTpi\r\n'),
    'an empty Authorization': post('Authorization: \r\n'),
    'a trace': post(`${signedIn}traceparent: 00-${'a'.repeat(32)}-${'b'.repeat(16)}-01\r\n`),
    'two lengths': post(`${signedIn}Content-Length: 5\r\n`),
    'two equal lengths': post(signedIn + lengthOf(me)),
    'length and chunks': post(`${signedIn}Transfer-Encoding: chunked\r\n`),
    chunks: post(signedIn, `1f\r\n${me}\r\n0\r\n\r\n`, `${json}Transfer-Encoding: chunked\r\n`),
    'a length of nothing': post(signedIn, '', `${json}Content-Length: 0\r\n`),
    'no length': post(signedIn, '', json),
    'a length that is too small': post(signedIn, me, `${json}Content-Length: 5\r\n`),
    'a length in hex': post(signedIn, me, `${json}Content-Length: 0x1f\r\n`),
    'a length beyond the limit': post(signedIn, me, `${json}Content-Length: 102401\r\n`),
    'a body beyond the limit': post(signedIn, `{"query":"${'a'.repeat(103_000)}"}`),
    'a compressed body': post(`${signedIn}Content-Encoding: gzip\r\n`),
    'a body said to be itself': post(`${signedIn}Content-Encoding: identity\r\n`),
    'a form': post(signedIn, me, `Content-Type: text/plain\r\n${lengthOf(me)}`),
    'no type': post(signedIn, me, lengthOf(me)),
    'two types': post(`${signedIn}Content-Type: text/plain\r\n`),
    'a type with a charset': post(
      signedIn,
      me,
      `Content-Type: application/json;charset=utf-8\r\n${lengthOf(me)}`,
    ),
    'a type with a foreign charset': post(
      signedIn,
      me,
      `Content-Type: application/json; charset=utf-16\r\n${lengthOf(me)}`,
    ),
    'an expectation': post(`${signedIn}Expect: something\r\n`),
    'no JSON': post(signedIn, '{"query":'),
    'no UTF-8': post(signedIn, '"\xff"'),
    'a batch': post(signedIn, `[${me},${me}]`),
    'a document beyond its limits': post(
      signedIn,
      JSON.stringify({ query: `{ ${'a: me { id } '.repeat(40)} }` }),
    ),
    'a document that does not parse': post(signedIn, '{"query":"{ me {"}'),
    'a field that is not there': post(signedIn, '{"query":"{ me { nothing } }"}'),
    'variables that fit': post(signedIn, withVariables({ with: false })),
    'variables that do not': post(signedIn, withVariables({ with: 'yes' })),
    'too many variables': post(signedIn, withVariables({ list: Array(2_000).fill(1) })),
    'a text that can not be stored': post(signedIn, withVariables({ text: 'a\0b' })),
    'a refresh with a cookie of another site': post(
      'Origin: https://evil.example\r\nCookie: refreshToken=gtr_nonsense\r\n',
      '{"query":"mutation { refreshToken { expiresIn } }"}',
    ),
    'a mutation': post('', '{"query":"mutation { logout { success } }"}'),
    'a page that is wanted': post(`${signedIn}Accept: text/html\r\n`),
    'a newer type': post(`${signedIn}Accept: application/graphql-response+json\r\n`),
    'the older version of HTTP': {
      ...plain,
      head: plain.head.replace('HTTP/1.1', 'HTTP/1.0'),
    },
    'a query behind the path': { ...plain, head: plain.head.replace('/graphql', '/graphql?a=b') },
    'a body of a method that has none': { ...plain, head: plain.head.replace('POST', 'GET') },
    'another method': { ...plain, head: plain.head.replace('POST', 'PUT') },
    'a preflight': { ...plain, head: plain.head.replace('POST', 'OPTIONS') },
    'two requests at once': {
      head: kept(plain).head + me + plain.head,
      body: me,
    },
    'a refused request before a good one': {
      head: `${kept(post(signedIn, '{"query":')).head}{"query":${plain.head}`,
      body: me,
    },
  };
}

/** As a whole, or with its last byte by itself: then it is no request for the lane. */
function exchange(origin: string, { head, body }: Sent, isWhole: boolean): Promise<string> {
  const { hostname, port } = new URL(origin);
  const bytes = Buffer.from(head + body, 'latin1');
  const cut = isWhole ? bytes.length : bytes.length - 1;
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname).setNoDelay();
    let answer = '';
    let turns = 0;
    const rest = () => {
      turns += 1;
      if (turns < 5) setImmediate(rest);
      else socket.end(bytes.subarray(cut));
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    // Who is refused before the last byte may find the connection ended.
    socket.on('error', () => {});
    socket.once('close', () => resolve(answer));
    socket.write(bytes.subarray(0, cut), rest);
  });
}

function withoutChance(text: string): string {
  return text
    .replace(/^date: .*$/gim, 'date')
    .replace(/^x-request-id: .*$/gim, 'x-request-id')
    .replace(/"requestId":"[^"]+"/g, '"requestId":"ID"');
}

describe('the lane', () => {
  let fast: TestGateway;
  let apollo: TestGateway;
  let bearer: string;
  let written = 0;
  const writeHead = ServerResponse.prototype.writeHead;
  const clock = createTestClock();
  beforeAll(async () => {
    const env = { CORS_ORIGINS: own, METRICS_PORT: '0' };
    fast = await startTestGateway({ FAST_PATH: 'on', ...env }, clock);
    apollo = await startTestGateway({ FAST_PATH: 'off', ...env }, clock);
    // Heads that were written in one go, which only the lane does.
    ServerResponse.prototype.writeHead = function (this: ServerResponse, ...head: never[]) {
      if (Array.isArray(head[1])) written += 1;
      return Reflect.apply(writeHead, this, head);
    };
    bearer = dataOf(
      await createTestClient(fast.origin).send<{ register: { accessToken: string } }, object>(
        `mutation { register(input: { email: "${freshEmail()}", password: "${goodPassword}", delivery: BODY }) { accessToken } }`,
      ),
    ).register.accessToken;
  });
  afterAll(async () => {
    ServerResponse.prototype.writeHead = writeHead;
    await Promise.all([fast.stop(), apollo.stop()]);
  });

  /** An answer with the lines that the log has of it, sorted: pipelined requests end together. */
  const observed = async (gateway: TestGateway, sent: Sent, isWhole: boolean) => {
    const start = gateway.lines.length;
    const answer = await exchange(gateway.origin, sent, isWhole);
    const expected = (answer.match(/^x-request-id: /gm) ?? []).length;
    const linesSince = () => gateway.lines.slice(start).map((line) => JSON.parse(line));
    const answered = () => linesSince().filter(({ msg }) => msg === 'request.answered');
    await waitUntil(async () => answered().length >= expected);
    const log = linesSince()
      // That is told once of each origin.
      .filter(({ msg }) => msg !== 'origin.refused')
      .map(({ time: _, ms: __, requestId: ___, ...line }) => JSON.stringify(line));
    return { answer: withoutChance(answer), log: log.sort() };
  };

  it('answers with the same bytes and the same line as the long way and Apollo Server, however often', async () => {
    const cases = Object.entries(everyKind(bearer));
    for (let turn = 0; turn < 4; turn += 1) {
      for (const [name, sent] of cases) {
        const lane = await observed(fast, sent, true);
        const long = await observed(fast, sent, false);
        const reference = await observed(apollo, sent, true);
        expect({ name, ...lane }).toEqual({ name, ...reference });
        // A body whose length lies ends with the byte that was held back.
        if (!name.includes('length')) expect({ name, ...long }).toEqual({ name, ...reference });
      }
    }
    // Otherwise nothing was compared.
    expect(written).toBeGreaterThan(20);
  });

  it('is not taken by a body that comes in parts, nor by what is unusual', async () => {
    const kinds = everyKind(bearer);
    const taken = async (sent: Sent | undefined, isWhole = true) => {
      const before = written;
      await exchange(fast.origin, sent as Sent, isWhole);
      return written - before;
    };
    expect(await taken(kinds['nothing unusual'])).toBe(1);
    expect(await taken(kinds['an own origin'])).toBe(1);
    expect(await taken(kinds['two requests at once'])).toBe(2);
    expect(await taken(kinds['nothing unusual'], false)).toBe(0);
    for (const name of ['a page of another site', 'two harmless headers', 'chunks', 'a trace']) {
      expect([name, await taken(kinds[name])]).toEqual([name, name === 'a trace' ? 1 : 0]);
    }
  });

  /** What is counted of requests, by series. */
  const figuresOf = async ({ metricsOrigin }: TestGateway) => {
    const text = await (await fetch(`${metricsOrigin}/metrics`)).text();
    const counted =
      /^(gatehouse_(?:requests_total|request_duration_seconds_count|access_token_lookups_total|refreshes_total|throttled_total)\S*) (\d+)$/gm;
    return new Map([...text.matchAll(counted)].map(([, series = '', n]) => [series, Number(n)]));
  };

  it('is counted as the long way and Apollo Server are', async () => {
    // A body whose length lies ends with the byte that was held back.
    const cases = Object.entries(everyKind(bearer)).filter(([name]) => !name.includes('length'));
    const counted = async (gateway: TestGateway, isWhole: boolean) => {
      const before = await figuresOf(gateway);
      for (const [, sent] of cases) await observed(gateway, sent, isWhole);
      const grown = [...(await figuresOf(gateway))].map(
        ([series, after]) => [series, after - (before.get(series) ?? 0)] as const,
      );
      return Object.fromEntries(grown.filter(([, by]) => by > 0).sort());
    };
    const before = written;
    const lane = await counted(fast, true);
    expect(written).toBeGreaterThan(before);
    expect(await counted(fast, false)).toEqual(lane);
    expect(await counted(apollo, true)).toEqual(lane);
    const series = Object.keys(lane).join();
    for (const code of ['OK', 'BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN']) {
      expect(series).toContain(`code="${code}"`);
    }
    expect(series).toContain('gatehouse_request_duration_seconds_count');
    expect(series).toContain('gatehouse_access_token_lookups_total');
  });

  const reason = 'a test';
  it.each([
    [
      'whose account was disabled',
      ({ ask }: TestAdministrator, userId: string) =>
        ask(DisableUserDocument, { input: { userId, reason } }),
      'SESSION_REVOKED',
    ],
    [
      'whose roles have changed',
      ({ ask }: TestAdministrator, userId: string) =>
        ask(GrantRoleDocument, { input: { userId, reason, role: 'admin' } }),
      'TOKEN_EXPIRED',
    ],
  ])('lets nobody in %s between two requests', async (_, change, refusal) => {
    const administrator = await registerAdministrator(fast);
    const { id, accessToken } = await registerPerson(fast);
    const plain = post(`Authorization: Bearer ${accessToken}\r\n`);
    const before = written;
    expect((await observed(fast, plain, true)).answer).toContain('200 OK');
    expect(written).toBe(before + 1);

    expect((await change(administrator, id)).errors).toEqual([]);
    await waitUntil(async () => (await exchange(apollo.origin, plain, true)).includes(refusal));
    const reference = await observed(apollo, plain, true);
    const lane = await observed(fast, plain, true);
    expect(lane.answer).toContain(refusal);
    expect(lane).toEqual(reference);
    expect(await observed(fast, plain, false)).toEqual(reference);
  });

  it('answers a request before garbage, sooner than the others, and refuses the garbage as they do', async () => {
    const { head, body } = post(`Authorization: Bearer ${bearer}\r\n`);
    const kept = head.replace('close', 'keep-alive');
    const sent = { head: `${kept}${body}GARBAGE\r\n`, body: '\r\n' };
    const lane = await observed(fast, sent, true);
    const reference = await observed(apollo, sent, true);
    expect(lane.log).toEqual(reference.log);
    expect(reference.answer).toMatch(/HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$/);
    expect(lane.answer.endsWith(reference.answer)).toBe(true);
  });

  it('lets nobody in whose session ended between two requests', async () => {
    const plain = post(`Authorization: Bearer ${bearer}\r\n`);
    expect((await observed(fast, plain, true)).answer).toContain('200 OK');
    await createTestClient(fast.origin).send(
      'mutation { gone: logout { success } }',
      {},
      {
        accessToken: bearer,
      },
    );
    await waitUntil(async () => (await exchange(apollo.origin, plain, true)).includes('REVOKED'));
    const lane = await observed(fast, plain, true);
    expect(lane.answer).toContain('SESSION_REVOKED');
    expect(lane).toEqual(await observed(apollo, plain, true));
  });
});
