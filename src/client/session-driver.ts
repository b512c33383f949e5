import { decide, initialModel, looked } from './core/decide.ts';
import { failed } from './core/fail.ts';
import { answered, granted, isStale } from './core/fly.ts';
import { ageOf, isFresh } from './core/freshness.ts';
import { heard } from './core/hear.ts';
import type { Caller, Effect, Flight, Model, Moment, Note } from './core/model.ts';
import { sessionChanged, type Turn } from './core/turn.ts';
import { hidden, woke } from './core/wake.ts';
import type { GatehouseError } from './gatehouse-error.ts';
import type { Pass, Wire } from './passes.ts';
import { browser } from './ports/browser.ts';
import { isStranger } from './ports/is-stranger.ts';
import { isPageHidden, watchPage } from './ports/page.ts';
import { createTabChannel } from './ports/tab-channel.ts';
import { takeTabLock } from './ports/tab-lock.ts';
import { readTabNote, writeLeaving, writeTabNote } from './ports/tab-note.ts';
import { createTokenStore, type TokenStorage } from './ports/token-store.ts';
import { within } from './ports/within.ts';
import { sendExchange } from './wire/send-exchange.ts';

export interface SessionDriver {
  readonly model: () => Model;
  readonly subscribe: (listener: () => void) => () => void;
  readonly onToken: (listener: (pass: Pass) => void) => () => void;
  /** Begins, if it has not begun or was closed. */
  readonly start: () => void;
  /** The pass of a token that is fresh. */
  readonly freshPass: () => Pass | undefined;
  /** What comes of something that happens, told to a caller. */
  readonly waitFor: (happening: (turn: Turn, caller: Caller) => void) => Promise<Pass>;
  readonly happen: Happen;
  /** Resolves when the storage holds what is known by now. */
  readonly stored: () => Promise<void> | undefined;
  /** Looks again, and listens. */
  readonly resume: () => void;
  readonly close: () => void;
}

type Happen = <Details extends unknown[]>(
  happening: (turn: Turn, ...details: Details) => void,
  ...details: Details
) => void;

type DetailsOf<Kind> =
  Extract<Effect, readonly [Kind, ...unknown[]]> extends readonly [unknown, ...infer Details]
    ? Details
    : never;
type Perform = (...details: unknown[]) => void;

export interface DriverOptions extends Wire {
  readonly storage: TokenStorage | undefined;
}

/** Milliseconds that other tabs are given to answer. */
const silence = 40;

/** Does what the core decides, and tells it what happens. */
export function createSessionDriver(options: DriverOptions): SessionDriver {
  const { url, delivery } = options;
  const name = `gatehouse ${url}`;
  const isCookie = delivery === 'cookie';
  const channel = createTabChannel(name, (message) => happen(heard, message));
  const store = options.storage && createTokenStore(options.storage);
  const watchers = new Set<() => void>();
  const pending: (() => void)[] = [];
  let model = initialModel(delivery);
  let epoch = new AbortController();
  let person = new AbortController();
  let flying = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopWatching: (() => void) | undefined;
  let isBusy = false;
  let stored: Promise<void> | undefined;

  const perform: { readonly [Kind in Effect[0]]: (...details: DetailsOf<Kind>) => void } = {
    fly(flight) {
      flying = new AbortController();
      void fly(flight, flying.signal);
    },
    land: () => flying.abort(),
    tell: channel.tell,
    note(is, only) {
      if (isCookie) writeTabNote(name, is, only);
    },
    leave(isLeaving) {
      if (isCookie) writeLeaving(name, isLeaving);
    },
    store(work) {
      stored = store?.[work]().catch(() => {}) as typeof stored;
    },
    epoch(isOther) {
      epoch.abort(sessionChanged());
      epoch = new AbortController();
      if (!isOther) return;
      person.abort(sessionChanged());
      person = new AbortController();
    },
    wake(delay) {
      clearTimeout(timer);
      // Beyond this a timer would fire at once.
      if (delay < 2 ** 31) timer = setTimeout(happen, delay, looked);
      // Node is not kept running by it.
      (timer as { unref?(): void } | undefined)?.unref?.();
    },
    settle: (caller, error, token) => caller?.(error, token),
  };

  return {
    model: () => model,
    subscribe: (listener) => watch(() => model.state, listener),
    onToken: (listener) =>
      watch(
        () => model.token,
        () => {
          if (model.token) listener(passOf(model.token.token));
        },
      ),
    start() {
      if (!stopWatching) wake(false);
    },
    freshPass() {
      const { token } = model;
      return token && isFresh(token, moment()) ? passOf(token.token) : undefined;
    },
    waitFor: (happening) =>
      new Promise((resolve, reject) => {
        happen(happening, (error, token) => (error ? reject(error) : resolve(passOf(token))));
      }),
    happen,
    stored: () => stored,
    resume: () => wake(false),
    close() {
      stopWatching?.();
      stopWatching = undefined;
      channel.close();
      happen(hidden);
    },
  };

  function wake(isRestored: boolean): void {
    channel.open();
    stopWatching ??= watchPage(wake, () => happen(hidden), channel.close);
    const note = readNote();
    const isHidden = isPageHidden();
    happen(woke, {
      note,
      isStranger: isCookie && !note && isStranger(url),
      isVisible: isHidden === false,
      isWanted: !isHidden || model.state.status === 'unknown',
      isRestored,
    });
  }

  function readNote(): Note {
    return isCookie ? readTabNote(name) : undefined;
  }

  function passOf(token: string | null): Pass {
    return { token, signal: epoch.signal, lasting: person.signal };
  }

  /** One after the other: whatever an effect brings about waits its turn. */
  function happen<Details extends unknown[]>(
    happening: (turn: Turn, ...details: Details) => void,
    ...details: Details
  ): void {
    pending.push(() => {
      const [changed, effects] = decide(model, moment(), happening, ...details);
      model = changed;
      for (const [kind, ...details] of effects) (perform[kind] as Perform)(...details);
    });
    if (isBusy) return;
    isBusy = true;
    // What another version of this tells may be anything: it keeps nothing else from happening.
    for (let next = pending.shift(); next; next = pending.shift()) guard(next);
    isBusy = false;
    for (const look of [...watchers]) look();
  }

  /** Calls back when something of the model is another. @returns what stops that */
  function watch(select: () => unknown, listener: () => void): () => void {
    let last = select();
    const look = () => {
      const isOther = last !== select();
      last = select();
      if (isOther) guard(listener);
    };
    watchers.add(look);
    return () => void watchers.delete(look);
  }

  async function fly(exchange: Flight, signal: AbortSignal): Promise<void> {
    const { flight, operation, input } = exchange;
    let isStorage = true;
    await takeTabLock(name, signal);
    try {
      if (operation === 'refresh' && channel.tell({ type: 'ask' })) {
        await within(silence, () => new Promise(() => {}), signal).catch(() => {});
      }
      const stored = input ? undefined : await store?.load();
      if (!signal.aborted) happen(granted, flight, readNote(), stored);
      if (signal.aborted) return;
      const sent = moment();
      isStorage = false;
      const answer = await sendExchange(exchange, stored?.token, delivery, options);
      isStorage = true;
      if (!answer) {
        happen(answered, flight, null);
        return;
      }
      const { refreshToken, ...signedIn } = answer;
      // It is stored before it is used: a token lost after its successor was seen ends the session.
      if (refreshToken && model.flight && !isStale(model, model.flight)) {
        await store?.save(refreshToken);
      }
      happen(answered, flight, { ...signedIn, age: ageOf(sent, moment()) });
    } catch (error) {
      happen(failed, flight, error as GatehouseError, isStorage);
    }
  }
}

function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    // It keeps nobody from their turn; the page's own handling of errors is told.
    browser.reportError?.(error);
  }
}

function moment(): Moment {
  return { wall: Date.now(), mono: performance.now(), chance: Math.random() };
}
