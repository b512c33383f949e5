import { once } from 'node:events';
import { connect } from 'node:net';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** What Java's HttpClient, and others that would rather speak HTTP/2, send with their first request. */
describe('an offer to upgrade to another protocol', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  const offer = [
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
  ];
  /** Sends the parts one after the other, and collects what comes until the connection ends. */
  const send = async (parts: readonly string[]) => {
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await once(socket, 'connect');
    for (const part of parts) {
      socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await once(socket, 'close');
    return text;
  };
  const post = (body: string, more: readonly string[] = []) =>
    [
      'POST /graphql HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...more,
      '',
      '',
    ].join('\r\n');
  const question = JSON.stringify({ query: '{ me { id } }' });

  it('is ignored, and the request answered, whether or not its body has come', async () => {
    const last = post(question, ['Connection: close']) + question;
    for (const parts of [
      [post(question, offer) + question, last],
      [post(question, offer), question, last],
      [post(question, offer) + question.slice(0, 5), question.slice(5), last],
    ]) {
      const text = await send(parts);
      expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
      expect(text.match(/\{"data":\{"me":null\}\}/g)).toHaveLength(2);
    }
  });

  it('is ignored for a body of many packets', async () => {
    const body = ' '.repeat(60_000) + question;
    const parts = [post(body, offer), body, post(question, ['Connection: close']) + question];
    expect((await send(parts)).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it('is ignored for a GET, and for a path that there is not', async () => {
    const get = (path: string, more: readonly string[]) =>
      [`GET ${path} HTTP/1.1`, 'Host: localhost', ...more, '', ''].join('\r\n');
    const last = get('/livez', ['Connection: close']);
    expect(await send([get('/livez', offer), last])).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(await send([get('/nothing', offer), last])).toMatch(/^HTTP\/1\.1 404 Not Found/);
  });

  it('keeps what else Connection says, and refuses as ever what is said twice', async () => {
    const closing = ['Connection: close, Upgrade', 'Upgrade: h2c'];
    expect(await send([post(question, closing) + question])).toMatch(
      /^HTTP\/1\.1 200 OK[\s\S]*Connection: close/,
    );
    const twice = [...closing, 'Authorization: Bearer a', 'Authorization: Bearer b'];
    expect(await send([post(question, twice) + question])).toMatch(/^HTTP\/1\.1 400 /);
  });
});
