import { decide, initialModel, looked } from '../../src/client/core/decide.ts';
import { failed } from '../../src/client/core/fail.ts';
import { answered, granted } from '../../src/client/core/fly.ts';
import { isFresh } from '../../src/client/core/freshness.ts';
import { heard } from '../../src/client/core/hear.ts';
import {
  type Caller,
  type Effect,
  type Flight,
  leaving,
  type Message,
  type Model,
  type Renewed,
  type SignedIn,
} from '../../src/client/core/model.ts';
import { refused } from '../../src/client/core/refuse.ts';
import { asked } from '../../src/client/core/sign-out.ts';
import { type Turn, wanted } from '../../src/client/core/turn.ts';
import { woke } from '../../src/client/core/wake.ts';
import { GatehouseError } from '../../src/client/gatehouse-error.ts';
import { ada, bob } from './client-core.ts';

/** Milliseconds. */
const tokenLifetime = 60_000;
const grace = 10_000;

interface ServerSession {
  readonly id: string;
  readonly user: SignedIn['user'];
  generation: number;
  /** The newest one whose access token was used. */
  seen: number;
  rotatedAt: number;
  isRevoked: boolean;
}

interface Cookie {
  readonly session: ServerSession;
  readonly generation: number;
}

interface Request {
  readonly tab: Tab;
  readonly flight: Flight;
  /** What came of it at the gateway, once it was there. */
  outcome?: { readonly answer: SignedIn | Renewed | null } | { readonly error: GatehouseError };
  cookie?: Cookie | null;
}

interface Tab {
  readonly number: number;
  model: Model;
  readonly inbox: Message[];
  /** The flight that has the lock, or waits for it. */
  flight: Flight | undefined;
  isOpen: boolean;
  /** What this tab's process has of the note. */
  note: string | null;
  isLeaving: boolean;
}

/**
 * A browser with its tabs, its cookie and its lock, a gateway, and a network that delays and loses what
 * goes through it. Each method is one step of somebody; what may happen in any order is a method.
 */
export class BrowserModel {
  readonly tabs: Tab[] = [];
  readonly complaints: string[] = [];
  refreshes = 0;
  private readonly requests: Request[] = [];
  private readonly locks: Tab[] = [];
  private readonly unanswered = new Map<Caller, readonly [Tab, string]>();
  private readonly refusals: (readonly [Tab, string])[] = [];
  private readonly hasChannel: boolean;
  private readonly hasLag: boolean;
  private readonly left = new Set<string>();
  private readonly tokens = new Map<string, Cookie>();
  private cookie: Cookie | null = null;
  private note: string | null = null;
  private isLeaving = false;
  private now = 1_000_000;
  private serial = 0;
  private chance = 0;

  /**
   * @param hasChannel tabs hear each other
   * @param hasLag what one tab notes the others read only after `sync`: each process has a copy of
   *   localStorage
   */
  constructor(hasChannel: boolean, hasLag = false) {
    this.hasChannel = hasChannel;
    this.hasLag = hasLag;
    this.open();
  }

  open(): void {
    if (this.tabs.filter(({ isOpen }) => isOpen).length > 3) return;
    const tab: Tab = {
      number: this.tabs.length,
      model: initialModel('cookie'),
      inbox: [],
      flight: undefined,
      isOpen: true,
      note: this.note,
      isLeaving: this.isLeaving,
    };
    this.tabs.push(tab);
    this.wake(tab, false);
  }

  close(tab: Tab): void {
    if (this.tabs.filter(({ isOpen }) => isOpen).length === 1) return;
    tab.isOpen = false;
    this.release(tab);
  }

  wake(tab: Tab, isRestored: boolean): void {
    const note = noteOf(tab);
    this.happen(tab, woke, {
      note,
      isStranger: false,
      isVisible: true,
      isWanted: true,
      isRestored,
    });
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const tab of this.openTabs()) this.happen(tab, looked);
  }

  /** Somebody asks something of the gateway, as whoever is signed in. */
  operate(tab: Tab): void {
    const asker = tab.model.state.user?.id;
    const caller = this.callerOf(tab, 'wants a token', (error, token) => {
      if (error || token === null) return;
      const { session, generation } = this.tokens.get(token) as Cookie;
      session.seen = Math.max(session.seen, generation);
      if (asker !== undefined && session.user.id !== asker) {
        this.complaints.push(`what ${asker} asked went out as ${session.user.id}`);
      }
      if (tab.model.state.user?.id !== session.user.id) {
        this.complaints.push(`a token of ${session.user.id} in the page of another`);
      }
      if (session.isRevoked) this.refusals.push([tab, token]);
    });
    this.happen(tab, wanted, caller);
  }

  logIn(tab: Tab, user: typeof ada): void {
    const caller = this.callerOf(tab, 'logs in');
    this.happen(tab, asked, { operation: 'login', input: user, caller });
  }

  /** Whoever is signed in in this tab shows once more who they are. */
  stepUp(tab: Tab): void {
    const bearer = tab.model.token?.token;
    if (!bearer) return;
    const asker = tab.model.state.user?.id;
    const caller = this.callerOf(tab, 'steps up', (error) => {
      if (!error && tab.model.state.user?.id !== asker) {
        this.complaints.push(`what ${asker} showed counts for another`);
      }
    });
    this.happen(tab, asked, { operation: 'stepUp', input: {}, bearer, caller });
  }

  logOut(tab: Tab): void {
    const { sessionId } = tab.model.state;
    if (sessionId) this.left.add(sessionId);
    const caller = this.callerOf(tab, 'logs out');
    this.happen(tab, asked, { operation: 'logout', caller });
    if (tab.model.state.status !== 'signed-out') {
      this.complaints.push(`tab ${tab.number} is not signed out of ${sessionId} at once`);
    }
  }

  /** Who asked something and was told nothing. */
  waiting(): readonly string[] {
    const left = [...this.unanswered.values()].filter(([tab]) => tab.isOpen);
    return left.map(([tab, what]) => `tab ${tab.number} ${what}`);
  }

  /** What other tabs noted arrives. */
  sync(tab: Tab): void {
    tab.note = this.note;
    tab.isLeaving = this.isLeaving;
  }

  /** One message arrives. */
  deliver(tab: Tab): void {
    const message = tab.inbox.shift();
    if (message && tab.isOpen) this.happen(tab, heard, message);
  }

  /** Whoever has the lock has asked the others, and goes on. */
  grant(): void {
    const [tab] = this.locks;
    if (!tab?.flight || this.requests.some((request) => request.tab === tab)) return;
    if (this.hasChannel && tab.flight.operation === 'refresh') {
      this.tell(tab, { type: 'ask' });
      for (const other of this.openTabs()) while (other.inbox[0]) this.deliver(other);
      while (tab.inbox[0]) this.deliver(tab);
    }
    const { flight } = tab;
    if (!flight) return;
    this.happen(tab, granted, flight.flight, noteOf(tab));
    if (tab.flight !== flight) return;
    if (flight.operation === 'refresh') this.judgeNeed(tab);
    this.requests.push({ tab, flight });
  }

  /** A request arrives at the gateway. */
  serve(index: number): void {
    const request = this.requests.filter(({ outcome }) => !outcome)[index];
    if (request) this.process(request);
  }

  /** An answer arrives at the browser, or the network loses it, or its request. */
  arrive(index: number, isLost: boolean): void {
    const request = this.requests[index % Math.max(1, this.requests.length)];
    if (!request || (!request.outcome && !isLost)) return;
    this.requests.splice(this.requests.indexOf(request), 1);
    const { tab, flight, outcome, cookie } = request;
    // Whoever leaves in the middle of signing in has not signed in.
    const isGone = !tab.isOpen && flight.input !== undefined;
    if (!isLost && !isGone && cookie !== undefined) this.cookie = cookie;
    if (!tab.isOpen) return;
    if (isLost || !outcome) {
      this.happen(
        tab,
        failed,
        flight.flight,
        new GatehouseError('NETWORK', '', { retryable: true }),
      );
    } else if ('error' in outcome) this.happen(tab, failed, flight.flight, outcome.error);
    else this.happen(tab, answered, flight.flight, outcome.answer);
  }

  /** Whatever is first in the way gets to its end. */
  proceed(): void {
    this.grant();
    this.serve(0);
    this.arrive(0, false);
  }

  /** Everything that is under way comes to its end, and everybody asks for a token. */
  calmDown(): void {
    for (const tab of this.openTabs()) this.operate(tab);
    for (let round = 0; round < 300; round += 1) {
      for (const tab of this.openTabs()) this.sync(tab);
      for (const tab of this.openTabs()) while (tab.inbox[0]) this.deliver(tab);
      this.proceed();
      this.pass(round % 10 === 0 ? 4_000 : 1);
    }
    for (const tab of this.openTabs()) this.wake(tab, false);
    for (let round = 0; round < 60; round += 1) {
      for (const tab of this.openTabs()) this.sync(tab);
      this.proceed();
      for (const tab of this.openTabs()) while (tab.inbox[0]) this.deliver(tab);
    }
  }

  /** The cookie is of a session that somebody signed out of, and the gateway was not told. */
  isSignOutLost(): boolean {
    const { cookie } = this;
    return cookie !== null && !cookie.session.isRevoked && this.left.has(cookie.session.id);
  }

  /** Whose session the cookie is of, if the gateway still knows it. */
  holder(): string | undefined {
    const { cookie } = this;
    return cookie && !cookie.session.isRevoked ? cookie.session.user.id : undefined;
  }

  openTabs(): readonly Tab[] {
    return this.tabs.filter(({ isOpen }) => isOpen);
  }

  private callerOf(tab: Tab, what: string, then: Caller = () => {}): Caller {
    const caller: Caller = (...told) => {
      this.unanswered.delete(caller);
      then(...told);
    };
    this.unanswered.set(caller, [tab, what]);
    return caller;
  }

  private happen<Details extends unknown[]>(
    tab: Tab,
    happening: (turn: Turn, ...details: Details) => void,
    ...details: Details
  ): void {
    this.chance = (this.chance + 0.37) % 1;
    const moment = { wall: this.now, mono: this.now, chance: this.chance };
    const [model, effects] = decide(tab.model, moment, happening, ...details);
    tab.model = model;
    for (const effect of effects) this.perform(tab, effect);
    if (!this.hasLag) for (const other of this.tabs) this.sync(other);
    const refusal = this.refusals.shift();
    if (refusal) this.happen(refusal[0], refused, refusal[1], 'SESSION_REVOKED');
  }

  private perform(tab: Tab, effect: Effect): void {
    switch (effect[0]) {
      case 'fly':
        tab.flight = effect[1];
        this.locks.push(tab);
        break;
      case 'land':
        this.release(tab);
        break;
      case 'tell':
        this.tell(tab, effect[1]);
        break;
      case 'note':
        if (effect[2] === undefined || tab.note === effect[2]) {
          tab.note = effect[1];
          this.note = effect[1];
        }
        break;
      case 'leave':
        tab.isLeaving = effect[1];
        this.isLeaving = effect[1];
        break;
      case 'settle':
        (effect[1] as Caller | undefined)?.(effect[2], effect[3]);
    }
  }

  private tell(from: Tab, message: Message): void {
    if (!this.hasChannel) return;
    for (const tab of this.openTabs()) if (tab !== from) tab.inbox.push(message);
  }

  private release(tab: Tab): void {
    tab.flight = undefined;
    const place = this.locks.indexOf(tab);
    if (place >= 0) this.locks.splice(place, 1);
  }

  /** Nobody else had a token that would have done: not of a session that somebody has signed out of. */
  private judgeNeed(asker: Tab): void {
    this.refreshes += 1;
    if (!this.hasChannel) return;
    const moment = { wall: this.now, mono: this.now, chance: 0 };
    const other = this.openTabs().find(
      ({ model }) =>
        model.token &&
        isFresh(model.token, moment) &&
        model.state.sessionId === this.cookie?.session.id &&
        model.state.sessionId !== asker.model.over &&
        model.token.mono > asker.model.newestAt,
    );
    if (other)
      this.complaints.push(`tab ${asker.number} refreshes, and ${other.number} had a token`);
  }

  private process(request: Request): void {
    const { operation, input, bearer } = request.flight;
    if (operation === 'stepUp') {
      this.renew(request, this.tokens.get(bearer || '') as Cookie);
    } else if (operation === 'logout') {
      if (this.cookie) this.cookie.session.isRevoked = true;
      request.cookie = null;
      request.outcome = { answer: null };
    } else if (operation === 'login') {
      const session = {
        id: `s-${++this.serial}`,
        user: input as typeof ada,
        generation: 1,
        seen: 0,
        rotatedAt: 0,
        isRevoked: false,
      };
      this.issue(request, session);
    } else this.refresh(request, this.cookie);
  }

  private refresh(request: Request, cookie: Cookie | null): void {
    const refuse = (reason: 'TOKEN_MISSING' | 'SESSION_REVOKED' | 'REFRESH_TOKEN_REUSED') => {
      const error = new GatehouseError('UNAUTHENTICATED', reason, { reason });
      request.outcome = { error };
    };
    if (!cookie || cookie.session.isRevoked) {
      refuse(cookie ? 'SESSION_REVOKED' : 'TOKEN_MISSING');
      return;
    }
    const { session, generation } = cookie;
    if (generation === session.generation) {
      session.generation += 1;
      session.rotatedAt = this.now;
    } else if (this.now - session.rotatedAt > grace) {
      // An answer was lost: what was never seen in use is replaced. Else two hold the session.
      if (session.seen > generation) {
        session.isRevoked = true;
        this.complaints.push(`the session of ${session.user.id} is ended as stolen`);
      }
      session.generation += 1;
    }
    this.issue(request, session);
  }

  /** Another token of the same session; its cookie stays as it is. */
  private renew(request: Request, { session, generation }: Cookie): void {
    if (session.isRevoked) {
      const reason = 'SESSION_REVOKED';
      request.outcome = { error: new GatehouseError('UNAUTHENTICATED', reason, { reason }) };
      return;
    }
    const token = `${session.user.id}-${++this.serial}`;
    this.tokens.set(token, { session, generation });
    request.outcome = { answer: { token, ttl: tokenLifetime, age: 0 } };
  }

  private issue(request: Request, session: ServerSession): void {
    const token = `${session.user.id}-${++this.serial}`;
    const { id: sessionId, user, generation } = session;
    this.tokens.set(token, { session, generation });
    request.cookie = { session, generation };
    request.outcome = { answer: { token, ttl: tokenLifetime, age: 0, sessionId, user } };
  }
}

function noteOf({ note, isLeaving }: Tab): string | null {
  return isLeaving ? leaving : note;
}

export const people = [ada, bob] as const;
