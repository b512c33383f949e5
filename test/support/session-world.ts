import type { DomainError } from '../../src/core/domain-error.ts';
import type { SessionStore } from '../../src/sessions/session-store.ts';
import type { SignedIn } from '../../src/sessions/signed-in.ts';
import { createFamilyModel, type FamilyModel } from './family-model.ts';
import { createMemoryDatabase } from './memory-database.ts';
import { goodPassword } from './people.ts';
import { createSessionDomain, defaultSettings, testBrowser } from './session-domain.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

/** A refresh token and the access token that came with it. */
export interface Pair {
  readonly refresh: string;
  readonly access: string;
  readonly number: number;
  readonly issuedAt: number;
}

/** One session, its owner's browser, perhaps a thief, and what should come of it all. */
export interface SessionWorld {
  readonly clock: TestClock;
  readonly model: FamilyModel;
  /** What the browser's tabs share: what it holds, and what it held before that. */
  jar: { readonly held: Pair; readonly before: Pair | undefined };
  /** Everything that the thief ever got hold of. */
  readonly loot: Pair[];
  /**
   * Presents a refresh token and holds the answer to the model's.
   *
   * @returns what was given, or undefined after a refusal
   */
  readonly present: (pair: Pair) => Promise<Pair | undefined>;
  /** Shows the access token of a pair, and holds the answer to the model's. */
  readonly show: (pair: Pair) => Promise<void>;
  readonly logOut: () => Promise<void>;
  readonly revoke: () => Promise<void>;
}

/** How a store may be wrong, to see whether anybody notices. */
export type Mutation = (sessions: SessionStore, now: () => Date) => SessionStore;

export async function createSessionWorld(mutate: Mutation): Promise<SessionWorld> {
  const clock = createTestClock(1_800_000_000_000);
  const time = () => clock.now().getTime();
  const memory = createMemoryDatabase(clock);
  const mutated = <Stores extends { readonly sessions: SessionStore }>(stores: Stores) => ({
    ...stores,
    sessions: mutate(stores.sessions, clock.now),
  });
  const domain = createSessionDomain({
    clock,
    stores: mutated(memory.stores),
    transact: (work) => memory.transact((stores) => work(mutated(stores))),
    revocations: memory.revocations,
  });
  const first = await domain.signUp();
  const model = createFamilyModel(time, defaultSettings);
  const numbers = new Map([[first.refreshToken.token, 1]]);
  const pairOf = ({ refreshToken, accessToken }: SignedIn): Pair => ({
    refresh: refreshToken.token,
    access: accessToken.token,
    number: numbers.get(refreshToken.token) ?? 0,
    issuedAt: time(),
  });

  return {
    clock,
    model,
    jar: { held: pairOf(first), before: undefined },
    loot: [],
    async present({ refresh, number }) {
      const expected = model.present(number);
      const answer = await domain.refresh(refresh).catch((error: DomainError) => error.reason);
      if (typeof answer !== 'object') {
        hold(answer, expected);
        return undefined;
      }
      const { token } = answer.refreshToken;
      hold(numbers.has(token) ? 'the same token' : 'a new token', expected);
      if (!numbers.has(token)) numbers.set(token, model.newest());
      const pair = pairOf(answer);
      hold(pair.number, model.newest());
      return pair;
    },
    async show({ access, number, issuedAt }) {
      const expected = model.show(number, issuedAt);
      const authentication = await domain.show(access);
      hold(authentication.kind === 'refused' ? authentication.reason : 'good', expected);
    },
    async logOut() {
      model.end();
      await domain.logOut(first.refreshToken.token);
    },
    async revoke() {
      model.end();
      const [userId, sessionId] = [first.account.id, first.session.id];
      const { session: other } = await domain.logIn({
        identifier: first.account.email ?? '',
        password: goodPassword,
        client: testBrowser,
        device: undefined,
        locale: 'en',
      });
      const currentSessionId = other.id;
      await domain.revokeSession({ userId, currentSessionId, sessionId, client: testBrowser });
    },
  };
}

function hold(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${expected}, and got ${actual}`);
}
