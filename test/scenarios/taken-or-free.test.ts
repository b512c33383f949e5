import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import bcrypt from 'bcryptjs';
import {
  LoginDocument,
  MeDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResendVerificationEmailDocument,
} from '../generated/graphql.ts';
import { compareTimes, surelyDifferent } from '../support/compare-times.ts';
import { type MailGateway, startMailGateway } from '../support/mail-gateway.ts';
import { observed } from '../support/observed-answer.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { hearRequestQueries, type RequestQueries } from '../support/request-queries.ts';
import { storeAccount } from '../support/stored-account.ts';
import { createTestClient, dataOf, type TestAnswer } from '../support/test-client.ts';
import { waitUntil } from '../support/wait-until.ts';

const otherPassword = 'another horse, other staples';
const cost = 8;
/** Pairs of which the work is counted, and pairs of which the time is taken. */
const counted = 4;
const timed = 16;

/** What a stranger can ask about an address. */
interface Way {
  readonly ask: (email: string) => Promise<TestAnswer<unknown>>;
  /** What is done before, for either kind of address. */
  readonly before?: (email: string) => Promise<unknown>;
  readonly hashes: number;
  /** A free address costs a registration more queries: its answer waits for longer than either takes. */
  readonly waits?: true;
}

/**
 * Attack: finding out who has an account, by everything that an answer shows (ASVS 5.0 6.3.8). The
 * work is counted, for that does not change with what else the machine does; and the times are
 * compared, as the stranger would.
 */
describe('with REQUIRE_VERIFIED_EMAIL=login, whether an address is taken is not told', () => {
  let queries: RequestQueries;
  let gateway: MailGateway;
  let passwordHash: string;
  let accessToken: string;
  beforeAll(async () => {
    queries = hearRequestQueries();
    passwordHash = await bcrypt.hash(goodPassword, cost);
    gateway = await startMailGateway({
      REQUIRE_VERIFIED_EMAIL: 'login',
      BCRYPT_COST: String(cost),
      METRICS_PORT: '0',
      // Each request comes from an address of its own: none of them meets a limit.
      TRUST_PROXY: '127.0.0.1',
    });
    const input = { identifier: await takenAddress(), password: goodPassword };
    const { login } = dataOf(await send(LoginDocument, { input }));
    accessToken = login.accessToken;
    // Noted at the first sight of it, beside whichever request that is.
    dataOf(await send(MeDocument, {}, { accessToken }));
    await waitUntil(async () => {
      const seen = await gateway.query(
        'SELECT FROM sessions WHERE id = $1 AND delivered_generation = generation',
        [login.session.id],
      );
      return seen.length === 1;
    });
  });
  afterAll(async () => {
    await gateway.stop();
    queries.stop();
  });

  let requests = 0;
  function send<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    options: { readonly accessToken?: string } = {},
  ): Promise<TestAnswer<Data>> {
    requests += 1;
    const address = `198.18.${Math.floor(requests / 250)}.${requests % 250}`;
    const headers = { 'x-forwarded-for': address };
    return createTestClient(gateway.origin).send(document, variables, { ...options, headers });
  }
  const takenAddress = async () => {
    const email = freshEmail();
    await storeAccount(gateway.query, { email, passwordHash, emailVerifiedAt: new Date() });
    return email;
  };
  const register = (email: string) =>
    send(RegisterDocument, { input: { email, password: otherPassword } });
  const logIn = (identifier: string) =>
    send(LoginDocument, { input: { identifier, password: otherPassword } });

  const ways: Readonly<Record<string, Way>> = {
    'a registration': { ask: register, hashes: 1, waits: true },
    'a log-in': { ask: logIn, hashes: 1 },
    'a log-in with the password of a registration': { before: register, ask: logIn, hashes: 2 },
    'a request for a new password': {
      ask: (email) => send(RequestPasswordResetDocument, { input: { email } }),
      hashes: 0,
    },
    'a request for the proof of the address': {
      ask: (email) => send(ResendVerificationEmailDocument, { input: { email } }),
      hashes: 0,
    },
    'a request to change to the address': {
      ask: (newEmail) => {
        const input = { newEmail, currentPassword: goodPassword };
        return send(RequestEmailChangeDocument, { input }, { accessToken });
      },
      hashes: 1,
    },
  };
  const kinds = { taken: takenAddress, free: async () => freshEmail('free') };
  const hashed = async () => {
    const text = await (await fetch(`${gateway.metricsOrigin}/metrics`)).text();
    return Number(/^gatehouse_hash_duration_seconds_count (\d+)$/m.exec(text)?.[1]);
  };

  describe.each(Object.entries(ways))('by %s', (_name, { ask, before, hashes, waits }) => {
    it('through its answer, its headers, or the work that it costs', async () => {
      const seen = { taken: new Set<string>(), free: new Set<string>() };
      const works = { taken: new Set<string>(), free: new Set<string>() };
      for (let pair = 0; pair < counted; pair += 1) {
        for (const kind of ['taken', 'free'] as const) {
          const email = await kinds[kind]();
          await before?.(email);
          const hashedBefore = await hashed();
          queries.take();
          seen[kind].add(JSON.stringify(observed(await ask(email))));
          works[kind].add(queries.take().join('\n'));
          expect((await hashed()) - hashedBefore).toBe(hashes);
        }
      }
      expect(seen.taken.size).toBe(1);
      expect(seen.free).toEqual(seen.taken);
      if (waits) return;
      expect([...works.taken]).toEqual([expect.stringContaining('INSERT')]);
      expect(works.free).toEqual(works.taken);
    });

    it('through the time that it takes', async () => {
      const prepare = (kind: keyof typeof kinds) =>
        Promise.all(
          Array.from({ length: timed }, async () => {
            const email = await kinds[kind]();
            await before?.(email);
            return email;
          }),
        );
      const inTurn = (emails: readonly string[]) => {
        let turn = 0;
        return () => {
          turn += 1;
          return ask(emails[turn % emails.length] ?? '');
        };
      };
      const [taken, free] = [await prepare('taken'), await prepare('free')];
      expect(await compareTimes(timed, inTurn(taken), inTurn(free))).toBeLessThan(surelyDifferent);
    });
  });
});
