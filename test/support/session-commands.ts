import fc from 'fast-check';
import { defaultSettings } from './session-domain.ts';
import type { Pair, SessionWorld } from './session-world.ts';

type Command = fc.AsyncCommand<Record<string, never>, SessionWorld>;
const { grace, lostResponseGrace, refreshTokenTtl } = defaultSettings;

const logsOut = command('the browser logs out', (world) => world.logOut());
const revokes = command('another device revokes it', (world) => world.revoke());
const nothing = command('nothing happens', async () => {});

/** What people, tabs, networks and thieves do, in any order. */
export const sessionCommands = fc.commands(
  [
    fc
      .array(fc.boolean(), { minLength: 1, maxLength: 3 })
      .map((arrivals) => command(`tabs refresh, arrived: ${arrivals}`, refreshFromTabs(arrivals))),
    fc.constant(command('a tab is late', lateTab)),
    fc.constant(command('the browser calls', (world) => world.show(world.jar.held))),
    fc.constant(
      command('the thief copies', async (world) => {
        world.loot.push(world.jar.held);
      }),
    ),
    fc.nat().map((which) =>
      command(`the thief refreshes with ${which}`, (world) =>
        withLoot(world, which, async (pair) => {
          const got = await world.present(pair);
          if (got) world.loot.push(got);
        }),
      ),
    ),
    fc
      .nat()
      .map((which) =>
        command(`the thief calls with ${which}`, (world) => withLoot(world, which, world.show)),
      ),
    fc
      .constantFrom(1, grace - 1, grace, grace + 1, 60_000, 899_000, 3_600_000)
      .map((time) => command(`${time} ms pass`, async ({ clock }) => clock.advance(time))),
    fc
      .constantFrom(lostResponseGrace - 1, lostResponseGrace, refreshTokenTtl - 1, refreshTokenTtl)
      .map((time) => command(`${time} ms pass`, async ({ clock }) => clock.advance(time))),
    // Rarely: whatever comes after it is soon told.
    fc.nat({ max: 5 }).map((dice) => [logsOut, revokes][dice] ?? nothing),
  ],
  { maxCommands: 40, size: 'medium' },
);

/**
 * Tabs of one browser send its token at the same moment. What arrives goes into the cookie that they
 * share; what does not, nobody ever sees.
 */
function refreshFromTabs(arrivals: readonly boolean[]) {
  return async (world: SessionWorld) => {
    const { held } = world.jar;
    const missingFor = world.model.missingFor();
    const wasOver = world.model.isOver();
    for (const arrives of arrivals) {
      const got = await world.present(held);
      if (!got) assertHarmless(world, wasOver || missingFor >= lostResponseGrace);
      if (got && arrives && got.refresh !== world.jar.held.refresh) {
        world.jar = { held: got, before: held };
      }
    }
  };
}

/**
 * A tab that read the cookie before another one's answer came, and is heard inside the window: that of
 * the rotation, which a repeated answer does not stretch.
 */
async function lateTab(world: SessionWorld): Promise<void> {
  const { before } = world.jar;
  if (!before || !world.model.isRacing()) return;
  const wasOver = world.model.isOver();
  await world.present(before);
  assertHarmless(world, wasOver);
}

/** An honest person alone is never caught, whatever their tabs and their network do. */
function assertHarmless({ model, loot }: SessionWorld, isExcused: boolean): void {
  if (loot.length === 0 && !isExcused && model.isOver()) {
    throw new Error('an honest person alone lost the session');
  }
}

async function withLoot(
  world: SessionWorld,
  which: number,
  work: (pair: Pair) => Promise<void>,
): Promise<void> {
  const pair = world.loot[which % Math.max(1, world.loot.length)];
  if (pair) await work(pair);
}

function command(name: string, run: (world: SessionWorld) => Promise<void>): Command {
  return { check: () => true, run: (_, world) => run(world), toString: () => name };
}
