import { decide, initialModel } from '../../src/client/core/decide.ts';
import { failed } from '../../src/client/core/fail.ts';
import { answered, granted } from '../../src/client/core/fly.ts';
import type { Effect, Model, Moment, SignedIn } from '../../src/client/core/model.ts';
import type { Turn } from '../../src/client/core/turn.ts';
import { woke } from '../../src/client/core/wake.ts';
import { GatehouseError, type GatehouseErrorDetails } from '../../src/client/gatehouse-error.ts';
import type { ErrorReason } from '../../src/client/generated/errors.ts';

/** The core of one tab, its clocks in the hand of the test. */
export interface TestCore {
  readonly model: () => Model;
  /** What was to be done at the last happening, but for timers. */
  readonly effects: () => readonly Effect[];
  /** Milliseconds until it wants to look again. */
  readonly wakesIn: () => number;
  /** What callers were told, by their names: a token, null, or the code of an error. */
  readonly told: Record<string, unknown>;
  readonly caller: (
    name: string,
  ) => (error: GatehouseError | undefined, token: string | null) => void;
  /** Something happens. @returns what is to be done */
  readonly happen: <Details extends unknown[]>(
    happening: (turn: Turn, ...details: Details) => void,
    ...details: Details
  ) => readonly Effect[];
  /** Time goes by: on both clocks, or on each another. */
  readonly pass: (mono: number, wall?: number) => void;
}

export const ada = person('ada');
export const bob = person('bob');

export function createTestCore(delivery: Model['delivery'] = 'cookie', chance = 0): TestCore {
  let model = initialModel(delivery);
  let now: Moment = { wall: 1_800_000_000_000, mono: 5_000, chance };
  let effects: readonly Effect[] = [];
  const told: Record<string, unknown> = {};
  return {
    model: () => model,
    effects: () => effects.filter(([type]) => type !== 'wake'),
    wakesIn: () => Number(effects.findLast(([type]) => type === 'wake')?.[1]),
    told,
    caller: (name) => (error, token) => {
      told[name] = error ? (error.reason ?? error.code) : token;
    },
    happen(happening, ...details) {
      const before = structuredClone(JSON.parse(JSON.stringify(model)));
      const given = model;
      [model, effects] = decide(model, now, happening, ...details);
      // Nothing that was known is changed.
      expect(JSON.parse(JSON.stringify(given))).toEqual(before);
      for (const effect of effects) if (effect[0] === 'settle') effect[1]?.(effect[2], effect[3]);
      return effects.filter(([type]) => type !== 'wake');
    },
    pass(mono, wall = mono) {
      now = { wall: now.wall + wall, mono: now.mono + mono, chance };
    },
  };
}

/** A page begins. */
export function begin(core: TestCore, given: Partial<Parameters<typeof woke>[1]> = {}): void {
  core.happen(woke, {
    note: null,
    isStranger: false,
    isVisible: true,
    isWanted: true,
    isRestored: false,
    ...given,
  });
}

/** The names of what is to be done. */
export function kindsOf(effects: readonly Effect[]): readonly string[] {
  return effects.map(([type]) => type);
}

export function signedIn(user = ada, given: Partial<SignedIn> = {}): SignedIn {
  return { token: `${user.id}-1`, ttl: 100_000, age: 0, sessionId: `s-${user.id}`, user, ...given };
}

export function refusal(reason: ErrorReason, details: GatehouseErrorDetails = {}): GatehouseError {
  return new GatehouseError('UNAUTHENTICATED', reason, { reason, ...details });
}

export function networkError(details: GatehouseErrorDetails = {}): GatehouseError {
  return new GatehouseError('NETWORK', 'nothing came', { retryable: true, ...details });
}

function person(id: string): SignedIn['user'] {
  return {
    id,
    email: `${id}@example.com`,
    username: null,
    firstName: null,
    lastName: null,
    avatarUrl: null,
    emailVerified: true,
    roles: [],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

/** Somebody signed in with a token of 100 seconds that was asked for just now. */
export function signedInCore(
  delivery: Model['delivery'] = 'cookie',
  given: Partial<SignedIn> = {},
): TestCore {
  const core = createTestCore(delivery);
  begin(core, delivery === 'body' ? { note: undefined } : {});
  core.happen(
    granted,
    1,
    null,
    delivery === 'body' ? { token: 'r-1', isLeaving: false } : undefined,
  );
  core.happen(answered, 1, signedIn(ada, given));
  return core;
}

/** The number of the flight under way. */
export function flightOf(core: TestCore): number {
  const { flight } = core.model();
  if (!flight) throw new Error('nothing flies');
  return flight.flight;
}

/** What is asked of the gateway is answered. */
export function answer(core: TestCore, given: SignedIn | null): readonly Effect[] {
  const flight = flightOf(core);
  core.happen(granted, flight, undefined);
  return core.happen(answered, flight, given);
}

/** What is asked of the gateway fails. */
export function fail(core: TestCore, error: GatehouseError, isStorage = false): readonly Effect[] {
  const flight = flightOf(core);
  core.happen(granted, flight, undefined);
  return core.happen(failed, flight, error, isStorage);
}
