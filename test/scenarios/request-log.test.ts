import { connect } from 'node:net';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('the log of requests', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  const lineOf = async (requestId: string | null) => {
    const isIt = (line: Record<string, unknown>) =>
      line.requestId === requestId && line.msg === 'request.answered';
    // The line is written when the answer is out, which its reader may know before.
    for (let turn = 0; turn < 100; turn += 1) {
      const line = gateway.lines.map((text) => JSON.parse(text)).find(isIt);
      if (line) return line;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error('no line');
  };

  it('has one line a request: the operation by its root field, status and time', async () => {
    const client = createTestClient(gateway.origin);
    for (let time = 0; time < 4; time += 1) {
      const { headers } = await client.send('query Hunter2 { alias: me { id } }');
      const line = await lineOf(headers.get('x-request-id'));
      expect(line).toMatchObject({ level: 'info', operation: 'me', status: 200 });
      expect(line.ms).toBeGreaterThanOrEqual(0);
      expect(JSON.stringify(line)).not.toContain('Hunter2');
    }
  });

  it('names the trace of a valid traceparent, and nothing of another', async () => {
    const client = createTestClient(gateway.origin);
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const send = (traceparent: string) =>
      client.send('{ me { id } }', {}, { headers: { traceparent } });

    const traced = await send(`00-${traceId}-00f067aa0ba902b7-01`);
    expect(await lineOf(traced.headers.get('x-request-id'))).toMatchObject({ traceId });
    const other = await send('hunter2');
    expect(await lineOf(other.headers.get('x-request-id'))).not.toHaveProperty('traceId');
  });

  it.each([
    ['{ me { id ', 400, 'GRAPHQL_PARSE_FAILED', 'info'],
    ['{ nothing }', 400, 'GRAPHQL_VALIDATION_FAILED', 'info'],
    ['mutation { refreshToken { tokenType } }', 401, 'UNAUTHENTICATED', 'info'],
    [`{ ${'a: me { id } '.repeat(40)} }`, 400, 'OPERATION_LIMIT', 'warn'],
  ])('says why %s was refused', async (document, status, code, level) => {
    const client = createTestClient(gateway.origin);
    const answer = await client.send(document);
    const requestId = answer.headers.get('x-request-id');
    expect(await lineOf(requestId)).toMatchObject({ status, code, level });
  });

  it('says what a request outside of GraphQL was for, without its address', async () => {
    const known = await fetch(`${gateway.origin}/.well-known/jwks.json`);
    expect(await lineOf(known.headers.get('x-request-id'))).toMatchObject({
      operation: 'jwks.json',
      status: 200,
    });
    const unknown = await fetch(`${gateway.origin}/secret-path?token=hunter2`);
    expect(await lineOf(unknown.headers.get('x-request-id'))).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    });
    expect(gateway.lines.join('')).not.toMatch(/hunter2|secret-path/);
  });

  it('takes a client that leaves in the middle of its request for no failure of ours', async () => {
    const start = gateway.lines.length;
    const linesSince = () => gateway.lines.slice(start).map((text) => JSON.parse(text));
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    );
    // Its headers were read before the second connection's.
    await fetch(`${gateway.origin}/nothing`);
    socket.destroy();
    await waitUntil(async () => linesSince().some(({ aborted }) => aborted));
    await new Promise((resolve) => setImmediate(resolve));
    expect(linesSince().filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('holds no password, e-mail address, token or cookie of a whole session', async () => {
    const client = createTestClient(gateway.origin);
    const email = freshEmail('grace');
    const answers = [
      await client.send(
        `mutation ($input: RegisterInput!) { register(input: $input) { accessToken refreshToken } }`,
        { input: { email, password: goodPassword, delivery: 'BODY' } },
      ),
      await client.send(
        `mutation { login(input: { identifier: "${email}", password: "wrong-hunter2" }) { tokenType } }`,
      ),
      await client.send(
        `mutation { login(input: { identifier: "${email}", password: "${goodPassword}" }) { accessToken } }`,
      ),
      await client.send('mutation { refreshToken { accessToken } }'),
      await client.send(
        'mutation { refreshToken(input: { refreshToken: "gtr_hunter2" }) { tokenType } }',
      ),
      await client.send('{ me { id } }', {}, { accessToken: 'ey.hunter2.x' }),
      await client.send('mutation { logout { success } }'),
    ];
    for (const { headers } of answers) await lineOf(headers.get('x-request-id'));
    const log = gateway.lines.join('');
    expect(log).not.toMatch(/hunter2|grace-|correct horse|gtr_|eyJ|\$2[aby]\$/);
    expect([...client.cookies.values()].filter((value) => log.includes(value))).toEqual([]);
  });
});
