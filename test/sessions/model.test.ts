import fc from 'fast-check';
import type { RefreshFacts, SessionStore } from '../../src/sessions/session-store.ts';
import { fuzzPatience, fuzzRuns } from '../fuzz/runs.ts';
import { sessionCommands } from '../support/session-commands.ts';
import { defaultSettings } from '../support/session-domain.ts';
import { createSessionWorld, type Mutation, type SessionWorld } from '../support/session-world.ts';

/** Whatever happened before: outside the window, who acts second is caught, and then nobody is in. */
async function assertSecondIsCaught(world: SessionWorld, ownerIsFirst: boolean): Promise<void> {
  const owner = async () => {
    const got = await world.present(world.jar.held);
    if (got) await world.show(got);
    return got;
  };
  const thief = async () => {
    const newest = world.loot.at(-1);
    const got = newest && (await world.present(newest));
    if (got) await world.show(got);
    return got;
  };
  const [first, second] = ownerIsFirst ? [owner, thief] : [thief, owner];
  world.clock.advance(defaultSettings.grace);
  await first();
  world.clock.advance(defaultSettings.grace);
  if (await second()) throw new Error('the second one got in');
  if (!world.model.isOver()) throw new Error('nobody was caught');
  if (await first()) throw new Error('the first one stayed in');
}

function everyStory(mutate: Mutation) {
  return fc.asyncProperty(sessionCommands, fc.boolean(), async (commands, ownerIsFirst) => {
    const world = await createSessionWorld(mutate);
    await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
    if (world.loot.length > 0) await assertSecondIsCaught(world, ownerIsFirst);
  });
}

describe('every story of a session', () => {
  it(
    'goes as the model says: honest people are never caught, of two holders the second one is',
    async () => {
      await fc.assert(
        everyStory((sessions) => sessions),
        { numRuns: Math.max(1_000, fuzzRuns) },
      );
    },
    60_000 + fuzzPatience,
  );

  /** The store, seen through somebody who is wrong about the facts of a refresh. */
  const misread =
    (
      change: (
        facts: RefreshFacts,
        generation: number,
        now: Date,
      ) => Partial<RefreshFacts['session']>,
    ): Mutation =>
    (sessions, now) => ({
      ...sessions,
      async lock(id, generation) {
        const facts = await sessions.lock(id, generation);
        const changes = facts && change(facts, generation, now());
        return facts && { ...facts, session: { ...facts.session, ...changes } };
      },
    });
  const without =
    (changes: Partial<SessionStore>): Mutation =>
    (sessions) => ({
      ...sessions,
      ...changes,
    });

  it.each([
    [
      'hands out an unseen successor again',
      misread(({ session }, _, now) =>
        session.deliveredGeneration < session.generation ? { rotatedAt: now } : {},
      ),
    ],
    [
      'takes the token before the current one for ever',
      misread(({ session }, generation, now) =>
        session.previousGeneration === generation ? { rotatedAt: now } : {},
      ),
    ],
    ['takes every old token for a straggler', misread((_, __, now) => ({ rotatedAt: now }))],
    ['forgets what it replaced', misread(() => ({ replaced: null }))],
    ['knows no window for racing tabs', misread(() => ({ rotatedAt: new Date(0) }))],
    [
      'takes every answer for delivered',
      misread(({ session }) => ({ deliveredGeneration: session.generation })),
    ],
    ['never hears that an answer was delivered', without({ acknowledge: async () => {} })],
    ['never ends a family', without({ revoke: async () => true })],
  ])(
    'would tell of a server that %s',
    async (_, mutation) => {
      const outcome = await fc.check(everyStory(mutation), {
        numRuns: 2_000,
        seed: 1,
        endOnFailure: true,
      });
      expect(outcome.failed).toBe(true);
    },
    60_000,
  );
});
