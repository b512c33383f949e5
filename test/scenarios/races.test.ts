import {
  LoginDocument,
  LogoutDocument,
  RefreshDocument,
  RegisterDocument,
} from '../generated/graphql.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf, type TestAnswer } from '../support/test-client.ts';
import { createTestClock } from '../support/test-clock.ts';
import { postgresUrl } from '../support/test-databases.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** The embedded database has one connection: what races there is the process alone. */
const rounds = postgresUrl === undefined ? 10 : 50;
const atOnce = 20;

/**
 * Attack: two holders of one token who use it at the same moment, hoping that both become owners of
 * the session. The requests go to two processes' worth of gateways where the database serves both.
 */
describe('requests that race', () => {
  const clock = createTestClock();
  const gateways: TestGateway[] = [];
  beforeAll(async () => {
    for (let count = postgresUrl === undefined ? 1 : 2; count > 0; count -= 1) {
      gateways.push(await startTestGateway({}, clock));
    }
  });
  afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())));

  it(`rotates once and answers alike, ${atOnce} refreshes at once, ${rounds} rounds`, async () => {
    let { token, sessionId } = await signUp();
    for (let round = 1; round <= rounds; round += 1) {
      const answers = await Promise.all(times(atOnce, (index) => refresh(index, token)));
      const successors = new Set(answers.map((each) => dataOf(each).refreshToken.refreshToken));
      expect(successors.size).toBe(1);
      expect(successors.has(token)).toBe(false);
      expect(await query('SELECT generation FROM sessions WHERE id = $1', sessionId)).toEqual([
        { generation: round + 1 },
      ]);
      expect(
        await query(
          'SELECT generation FROM refresh_tokens WHERE session_id = $1 AND NOT revoked',
          sessionId,
        ),
      ).toEqual([{ generation: round + 1 }]);
      token = [...successors][0] ?? '';
    }
  });

  it(`leaves no live token, ${atOnce} refreshes against a log-out, ${rounds} rounds`, async () => {
    const { email } = await signUp();
    for (let round = 0; round < rounds; round += 1) {
      const { token, sessionId } = await logIn(email);
      const earlier = times(round % atOnce, (index) => refresh(index, token));
      const leaving = logOut(token);
      const later = times(atOnce - earlier.length, (index) => refresh(index, token));
      const answers = await Promise.all([...earlier, ...later]);
      expect(dataOf(await leaving).logout).toEqual({ success: true });
      const tokens = new Set([token]);
      for (const answer of answers) {
        if (answer.data) tokens.add(dataOf(answer).refreshToken.refreshToken ?? '');
        else expect(refusalOf(answer)).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      }

      expect(await liveTokens(sessionId)).toEqual([{ live: 0 }]);
      for (const each of tokens) {
        expect(refusalOf(await refresh(round, each))).toBe('UNAUTHENTICATED/SESSION_REVOKED');
      }
    }
  });

  it('makes one account of 20 registrations of one e-mail in 20 spellings', async () => {
    const email = freshEmail('race');
    const answers = await Promise.all(
      times(atOnce, (index) =>
        clientOf(index).send(RegisterDocument, {
          input: { email: spell(email, index), password: goodPassword },
        }),
      ),
    );
    const refusals = answers.filter(({ data }) => !data);
    expect(refusals.map(refusalOf)).toEqual(times(atOnce - 1, () => 'CONFLICT/EMAIL_TAKEN'));
    expect(refusals.map(({ status }) => status)).toEqual(times(atOnce - 1, () => 409));

    const users = await query('SELECT id FROM users WHERE email_canonical = $1', email);
    expect(users).toHaveLength(1);
    const [user] = users as [{ id: string }];
    expect(
      await query(
        `SELECT (SELECT count(*) FROM sessions WHERE user_id = $1)::int AS sessions,
                (SELECT count(*) FROM audit_events WHERE user_id = $1)::int AS events`,
        user.id,
      ),
    ).toEqual([{ sessions: 1, events: 2 }]);
  });

  function clientOf(index: number) {
    const { origin } = gateways[index % gateways.length] as TestGateway;
    return createTestClient(origin);
  }

  async function signUp() {
    const email = freshEmail();
    const { register } = dataOf(
      await clientOf(0).send(RegisterDocument, {
        input: { email, password: goodPassword, delivery: 'BODY' },
      }),
    );
    return { email, token: register.refreshToken ?? '', sessionId: register.session.id };
  }

  async function logIn(identifier: string) {
    const { login } = dataOf(
      await clientOf(0).send(LoginDocument, {
        input: { identifier, password: goodPassword, delivery: 'BODY' },
      }),
    );
    return { token: login.refreshToken ?? '', sessionId: login.session.id };
  }

  function refresh(index: number, refreshToken: string) {
    return untilServed(() => clientOf(index).send(RefreshDocument, { input: { refreshToken } }));
  }

  function logOut(refreshToken: string) {
    return untilServed(() => clientOf(1).send(LogoutDocument, { input: { refreshToken } }));
  }

  /** On a busy machine twenty that wait for one row outlast `lock_timeout`: they ask again, as clients do. */
  async function untilServed<Data>(
    ask: () => Promise<TestAnswer<Data>>,
  ): Promise<TestAnswer<Data>> {
    const answer = await ask();
    return answer.status === 503 ? untilServed(ask) : answer;
  }

  function query(sql: string, ...values: readonly unknown[]): Promise<unknown[]> {
    return (gateways[0] as TestGateway).query(sql, [...values]);
  }

  function liveTokens(sessionId: string) {
    return query(
      `SELECT count(*)::int AS live FROM refresh_tokens t
       JOIN sessions s ON s.user_id = t.user_id AND s.id = t.session_id
       WHERE s.id = $1 AND (NOT t.revoked OR s.revoked_at IS NULL)`,
      sessionId,
    );
  }
});

/** A spelling of an address for each number: the bits say which of its letters are capitals. */
function spell(email: string, number: number): string {
  return [...email]
    .map((letter, index) => ((number >> (index % 5)) & 1 ? letter.toUpperCase() : letter))
    .join('');
}

function times<Result>(count: number, make: (index: number) => Result): Result[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
