import { randomBytes, randomUUID } from 'node:crypto';
import { createRefreshTokens, type RefreshToken } from '../../src/tokens/refresh-token.ts';
import { RefreshDocument, RegisterDocument } from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { readSessionRecords, type SessionRecords } from '../support/session-records.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { testSecrets } from '../support/test-secrets.ts';
import { waitUntil } from '../support/wait-until.ts';

/** One answer for all of them; the audit trail tells them apart, and no session is touched. */
describe('a refresh token that this database never gave out', () => {
  const ours = createRefreshTokens([testSecrets.REFRESH_TOKEN_SECRET]);
  let gateway: TestGateway;
  let records: SessionRecords;
  beforeAll(async () => {
    gateway = await startTestGateway();
    records = readSessionRecords(gateway.query);
  });
  afterAll(() => gateway.stop());

  const signIn = async () => {
    const app = createTestClient(gateway.origin);
    const input = { email: freshEmail(), password: goodPassword, delivery: 'BODY' } as const;
    const { register } = dataOf(await app.send(RegisterDocument, { input }));
    const token = register.refreshToken ?? '';
    const reading = ours.read(token);
    if (reading.kind !== 'genuine') throw new Error('not our secret');
    return { token, content: reading.token, sessionId: register.session.id, user: register.user };
  };
  /** Presents it under a user agent of its own, by which the audit trail is found again; or by a session. */
  const present = async (refreshToken: string, sessionId: string | null = null) => {
    const userAgent = randomUUID();
    const answer = await createTestClient(gateway.origin).send(
      RefreshDocument,
      { input: { refreshToken } },
      { headers: { 'user-agent': userAgent } },
    );
    let events: { why: string; user_id: string | null; session_id: string | null }[] = [];
    await waitUntil(async () => {
      events = await gateway.query(
        `SELECT detail->>'why' AS why, nullif(user_id, id) AS user_id, session_id FROM audit_events
         WHERE (user_agent = $1 OR session_id = $2) AND type = 'refresh_token.refused'`,
        [userAgent, sessionId],
      );
      return events.length > 0;
    });
    return {
      refusal: refusalOf(answer),
      retryable: answer.errors[0]?.extensions.retryable,
      events,
    };
  };
  const refused = (event: { why: string; user_id: string | null; session_id: string | null }) => ({
    refusal: 'UNAUTHENTICATED/REFRESH_TOKEN_INVALID',
    retryable: false,
    events: [event],
  });
  const anonymous = { user_id: null, session_id: null };
  const write = (content: RefreshToken) => ours.write(content);

  it('is malformed when it is no token at all, and costs no look for a session', async () => {
    expect(await present('gtr_nonsense')).toEqual(refused({ why: 'malformed', ...anonymous }));
  });

  it('is foreign when another deployment made it, for the same session', async () => {
    const { content, sessionId } = await signIn();
    const before = await records.all(sessionId);
    const theirs = createRefreshTokens(['the secret of another deployment, 0123456789']);
    expect(await present(theirs.write(content))).toEqual(refused({ why: 'foreign', ...anonymous }));
    expect(await records.all(sessionId)).toEqual(before);
  });

  it('is altered when one byte of it was changed, whichever', async () => {
    const { token, sessionId } = await signIn();
    const before = await records.all(sessionId);
    const bytes = Buffer.from(token.slice(4), 'base64url');
    // Of the user, the session, the generation, the secret and the MAC.
    const positions = [5, 20, 21, 36, 37, 40, 41, 72, 73, bytes.length - 1];
    const answers = await Promise.all(
      positions.map((position) => {
        const changed = Buffer.from(bytes);
        changed[position] = (changed[position] ?? 0) ^ 1;
        return present(`gtr_${changed.toString('base64url')}`);
      }),
    );
    expect(answers).toEqual(positions.map(() => refused({ why: 'altered', ...anonymous })));
    expect(await records.all(sessionId)).toEqual(before);
  });

  it("is a deleted account's when that is why its session is gone", async () => {
    const { token, sessionId, user } = await signIn();
    await gateway.query('DELETE FROM users WHERE id = $1', [user.id]);
    // Nothing new is kept of who is gone, their user agent neither.
    expect(await present(token, sessionId)).toEqual(
      refused({ why: 'account_deleted', user_id: user.id, session_id: sessionId }),
    );
  });

  it("is a pruned session's when its account is still there", async () => {
    const { token, sessionId, user } = await signIn();
    await gateway.query('DELETE FROM sessions WHERE id = $1', [sessionId]);
    expect(await present(token)).toEqual(
      refused({ why: 'session_pruned', user_id: user.id, session_id: sessionId }),
    );
  });

  it('is of an unknown session when none of that id was ever opened', async () => {
    const session_id = randomUUID();
    const token = write({
      userId: randomUUID(),
      sessionId: session_id,
      generation: 1,
      secret: randomBytes(32),
    });
    expect(await present(token)).toEqual(
      refused({ why: 'session_unknown', user_id: null, session_id }),
    );
  });

  it('is ahead of a restored backup when its generation is above the stored one', async () => {
    const { content, sessionId, user, token } = await signIn();
    const before = await records.all(sessionId);
    const ahead = write({ ...content, generation: 3, secret: randomBytes(32) });
    expect(await present(ahead)).toEqual(
      refused({ why: 'generation_ahead', user_id: user.id, session_id: sessionId }),
    );
    expect(await records.all(sessionId)).toEqual(before);
    const { send } = createTestClient(gateway.origin);
    dataOf(await send(RefreshDocument, { input: { refreshToken: token } }));
  });

  it('is not the stored one when only its secret differs, as after a restored backup too', async () => {
    const { content, sessionId, user } = await signIn();
    const before = await records.all(sessionId);
    const other = write({ ...content, secret: randomBytes(32) });
    expect(await present(other)).toEqual(
      refused({ why: 'hash_differs', user_id: user.id, session_id: sessionId }),
    );
    expect(await records.all(sessionId)).toEqual(before);
  });
});
