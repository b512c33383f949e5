import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { createTestClient } from '../support/test-client.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('the log at a normal stop', () => {
  let server: BuiltServer;
  beforeAll(async () => {
    server = await startBuiltServer();
  });
  afterAll(() => server.clean());

  it('loses no line, where nobody has emptied its pipe for a while either', async () => {
    const sent = 1_200;
    const client = createTestClient(server.origin);
    const goOn = server.holdOutput();
    for (let count = 0; count < sent; count += 20) {
      await Promise.all(Array.from({ length: 20 }, () => client.send('{ me { id } }')));
    }
    server.kill('SIGTERM');
    // It has closed by then, and waits for its log alone.
    await waitUntil(async () =>
      fetch(`${server.origin}/nothing`).then(
        () => false,
        () => true,
      ),
    );
    goOn();
    expect(await server.ended).toBe(0);
    await waitUntil(async () => server.lines.at(-1)?.msg === 'stop.completed');
    const answered = server.lines.filter(
      ({ msg, status }) => msg === 'request.answered' && status === 200,
    );
    expect(new Set(answered.map(({ requestId }) => requestId)).size).toBe(sent);
    expect(answered).toHaveLength(sent);
  });
});
