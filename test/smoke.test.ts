import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { LoginDocument, RegisterDocument } from './generated/graphql.ts';
import { freshEmail, goodPassword } from './support/people.ts';
import { startDevelopmentServer } from './support/plain-node.ts';
import { createTestClient, dataOf } from './support/test-client.ts';
import { waitUntil } from './support/wait-until.ts';

/** Milliseconds: a start takes seconds, and many more on a busy machine. */
const patience = 120_000;

describe('the built server, under plain Node', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-smoke-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it(
    'says in three lines where it is, what it is, and what to try, and that works',
    async () => {
      const server = await startDevelopmentServer(folder, {}, { isFirst: true });
      const { lines } = server;
      const answer = await createTestClient(server.origin).send((lines[2] ?? '').slice(5));
      const { port } = new URL(server.origin);
      const mailbox = async () => (await fetch(`${server.origin}/dev/mailbox`)).text();
      const link = `http://localhost:${port}/verify-email#`;
      await waitUntil(async () => (await mailbox()).includes(link));
      await server.end('SIGKILL');
      expect(lines).toEqual([
        expect.stringMatching(
          /^Gatehouse listens on http:\/\/localhost:\d+\/graphql .*\/graphiql; .*\/account\)$/,
        ),
        expect.stringMatching(
          /^Development mode: .* in \.gatehouse .*power cut.*NODE_ENV=production/,
        ),
        expect.stringMatching(/^Try: mutation { register\(/),
      ]);
      expect(dataOf(answer)).toMatchObject({ register: { user: { email: 'ada@example.com' } } });
      // PORT=0: whatever names this server names the port that it got.
      const { register } = dataOf(answer) as { register: { accessToken: string } };
      expect(decodeJwt(register.accessToken).iss).toBe(`http://localhost:${port}`);
    },
    patience,
  );

  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
    'knows its people again after %s and a new start',
    async (signal) => {
      const email = freshEmail();
      const first = await startDevelopmentServer(folder, {});
      const registered = await createTestClient(first.origin).send(RegisterDocument, {
        input: { email, password: goodPassword },
      });
      const ended = await first.end(signal);

      const second = await startDevelopmentServer(folder, {});
      const answer = await createTestClient(second.origin).send(LoginDocument, {
        input: { identifier: email, password: goodPassword },
      });
      await second.end('SIGKILL');

      expect(ended).toEqual(
        signal === 'SIGKILL' ? { code: null, signal } : { code: 0, signal: null },
      );
      expect(dataOf(answer).login.user).toEqual(dataOf(registered).register.user);
    },
    patience,
  );
});
