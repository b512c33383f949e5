import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { LogoutDocument, RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, type TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

const lifetime = 15 * 60_000;
/** Of the sample's renewals. */
const between = 30_000;

/** The sample of docs/subscriptions.md as it stands there, with the real client. */
describe('the sample of docs/subscriptions.md', () => {
  let gateway: TestGateway;
  const page = readFileSync('docs/subscriptions.md', 'utf8');
  const [, sample = ''] = /```ts\n(import \{ createClient \}.*?)```/s.exec(page) ?? [];
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  /** Somebody who runs the sample, and a friend's device whose log-ins it is told of. */
  const run = async () => {
    const browser = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    const { register } = dataOf(await browser.send(RegisterDocument, { input }));
    const tokens = tokensOf(browser, register.accessToken);
    const closes: number[] = [];
    const connections: WebSocket[] = [];
    class ObservedSocket extends WebSocket {
      constructor(address: string, protocol: string) {
        super(address, protocol);
        connections.push(this);
        this.on('close', (code) => closes.push(code));
      }
    }
    let renew: (() => Promise<void>) | undefined;
    const client = runSample({
      createClient: (options: ClientOptions) =>
        createClient({
          ...options,
          url: `${gateway.origin.replace('http', 'ws')}/graphql`,
          webSocketImpl: ObservedSocket,
        }),
      freshAccessToken: tokens.fresh,
      setInterval(work: () => Promise<void>) {
        renew = work;
      },
      clearInterval() {
        renew = undefined;
      },
    });
    const events: unknown[] = [];
    let end: unknown;
    client.subscribe(
      { query: 'subscription { sessionEvents { kind } }' },
      {
        next: ({ data }) => void events.push(data),
        error: (error) => {
          end = error;
        },
        complete() {},
      },
    );
    const hearsAgain = async () => {
      await waitUntil(async () => {
        const before = events.length;
        await signInElsewhere(input.email);
        return events.length > before;
      });
    };
    return {
      browser,
      client,
      closes,
      connections,
      hearsAgain,
      async renew() {
        let isRenewed = false;
        const forget = client.on('pong', () => {
          isRenewed = true;
        });
        await renew?.();
        await waitUntil(async () => isRenewed);
        forget();
      },
      end: () => end,
      isConnected: async () => renew !== undefined,
    };
  };

  /** Access tokens with a minute left at least, by the gateway's clock. */
  const tokensOf = (browser: TestClient, first: string) => {
    let token = first;
    let endsAt = gateway.clock.now().getTime() + lifetime;
    return {
      async fresh() {
        if (gateway.clock.now().getTime() > endsAt - 60_000) {
          const { refreshToken } = dataOf(await browser.send(RefreshDocument, {}));
          token = refreshToken.accessToken;
          endsAt = gateway.clock.now().getTime() + lifetime;
        }
        return token;
      },
    };
  };

  let devices = 0;
  const signInElsewhere = async (identifier: string) => {
    devices += 1;
    const systems = ['Windows NT 10.0', 'Macintosh', 'X11; Linux', 'Android 14'];
    const agents = ['Firefox', 'Edg', 'OPR', 'Chrome', 'Vivaldi', 'SamsungBrowser'];
    const agent = `Mozilla/5.0 (${systems[devices % 4]}) ${agents[devices % 6]}/${devices}.0`;
    const login = `mutation { login(input: { identifier: "${identifier}", password: "${goodPassword}" }) { accessToken } }`;
    await createTestClient(gateway.origin).send(login, undefined, {
      headers: { 'user-agent': agent },
    });
  };

  it('lives through ten lifetimes of the access token on one connection', async () => {
    const { client, closes, connections, renew, isConnected, hearsAgain } = await run();
    await waitUntil(isConnected);
    for (let elapsed = 0; elapsed < 10 * lifetime; elapsed += between) {
      gateway.clock.advance(between);
      await renew();
    }
    await hearsAgain();
    expect(connections).toHaveLength(1);
    expect(closes).toEqual([]);
    await client.dispose();
  });

  it('comes back by itself where it slept through the end of its token', async () => {
    const { client, closes, connections, isConnected, hearsAgain } = await run();
    await waitUntil(isConnected);
    gateway.clock.advance(2 * lifetime);
    await waitUntil(async () => connections.length === 2);
    await hearsAgain();
    expect(closes).toEqual([4403]);
    await client.dispose();
  });

  it('ends for good with its session, and says so', async () => {
    const { browser, client, connections, isConnected, end } = await run();
    await waitUntil(isConnected);
    dataOf(await browser.send(LogoutDocument, {}));
    await waitUntil(async () => end() !== undefined);
    expect(end()).toMatchObject({ code: 4401, reason: 'SESSION_REVOKED: sign in again' });
    expect(connections).toHaveLength(1);
    await client.dispose();
  });

  function runSample(given: Readonly<Record<string, unknown>>): Client {
    const code = transformSync(sample.replace(/^import .*$/m, ''), { loader: 'ts' }).code;
    return new Function(...Object.keys(given), `${code}; return client;`)(...Object.values(given));
  }
});
