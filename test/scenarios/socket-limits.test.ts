import { WebSocket } from 'ws';
import { LogoutDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('the connections of subscriptions', () => {
  let gateway: TestGateway;
  const sockets: WebSocket[] = [];
  beforeAll(async () => {
    gateway = await startTestGateway({
      MAX_SOCKETS_PER_ADDRESS: '4',
      MAX_SOCKETS_PER_USER: '2',
      METRICS_PORT: '0',
      TRUST_PROXY: '127.0.0.1,::1',
    });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await waitUntil(async () => (await metric('gatehouse_subscription_sockets')) === 0);
  });
  afterAll(() => gateway.stop());

  const metric = async (name: string) => {
    const text = await (await fetch(`${gateway.metricsOrigin}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  };
  const signUp = async () => {
    const client = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword };
    return { client, ...dataOf(await client.send(RegisterDocument, { input })).register };
  };
  /** @returns what came of it: the type of the first message, or the status or close code */
  const open = async (address: string, payload?: object) => {
    const socket = new WebSocket(
      `${gateway.origin.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      { headers: { 'x-forwarded-for': address } },
    );
    sockets.push(socket);
    return new Promise<string | number | undefined>((resolve) => {
      socket.on('error', () => {});
      socket.on('unexpected-response', (request, { statusCode }) => {
        request.destroy();
        resolve(statusCode);
      });
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
      socket.on('message', (data) => resolve(JSON.parse(String(data)).type));
      socket.on('close', (code) => resolve(code));
    });
  };
  const closings = () =>
    gateway.lines
      .map((line) => JSON.parse(line) as { msg: string; code: string; reason: string; ms: number })
      .filter(({ msg }) => msg === 'socket.closed');

  it('are limited for each address, whose place is free again when one has closed', async () => {
    for (let count = 0; count < 4; count += 1) {
      expect(await open('203.0.113.1')).toBe('connection_ack');
    }
    expect(await open('203.0.113.1')).toBe(429);
    expect(await open('203.0.113.2')).toBe('connection_ack');
    expect(await metric('gatehouse_subscription_sockets')).toBe(5);
    expect(await metric('gatehouse_throttled_total{limit="sockets_per_address"}')).toBe(1);

    sockets[0]?.close();
    await waitUntil(async () => (await metric('gatehouse_subscription_sockets')) === 4);
    expect(await open('203.0.113.1')).toBe('connection_ack');
  });

  it('of one IPv6 network count together', async () => {
    for (let count = 1; count <= 4; count += 1) {
      expect(await open(`2001:db8::${count}`)).toBe('connection_ack');
    }
    expect(await open('2001:db8::5')).toBe(429);
  });

  it('are limited for each account, wherever they come from, and others are not hurt', async () => {
    const [ada, grace] = [await signUp(), await signUp()];
    const as = ({ accessToken }: typeof ada) => ({ authorization: `Bearer ${accessToken}` });
    expect(await open('203.0.113.3', as(ada))).toBe('connection_ack');
    expect(await open('203.0.113.4', as(ada))).toBe('connection_ack');
    expect(await open('203.0.113.5', as(ada))).toBe(1013);
    expect(await open('203.0.113.5', as(grace))).toBe('connection_ack');
    expect(await metric('gatehouse_throttled_total{limit="sockets_per_account"}')).toBe(1);
    expect(closings().at(-1)).toMatchObject({ code: '1013', reason: 'TOO_MANY' });
  });

  it('say in the log, in a word, why they closed, and nothing that a client wrote', async () => {
    const ada = await signUp();
    const before = closings().length;
    await open('203.0.113.6', { authorization: `Bearer ${ada.accessToken}` });
    dataOf(await ada.client.send(LogoutDocument, {}));
    await waitUntil(async () => closings().length === before + 1);
    await open('203.0.113.6', { authorization: 'Bearer bad' });
    await open('203.0.113.6', { jwt: 'x' });
    await open('203.0.113.6');
    sockets.at(-1)?.close(4999, 'a secret');
    await waitUntil(async () => closings().length === before + 4);
    expect(closings().slice(before)).toMatchObject([
      { code: '4401', reason: 'SESSION_REVOKED' },
      { code: '4403', reason: 'TOKEN_MALFORMED' },
      { code: '4400', reason: 'TOKEN_UNCLEAR' },
      { code: '4999', reason: 'CLIENT' },
    ]);
    expect(gateway.lines.join()).not.toContain('a secret');
    const closed = 'gatehouse_subscription_sockets_closed_total';
    expect(await metric(`${closed}{reason="SESSION_REVOKED"}`)).toBe(1);
  });
});
