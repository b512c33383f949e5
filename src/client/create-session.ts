import type { Exchange } from './core/model.ts';
import { refused } from './core/refuse.ts';
import { asked } from './core/sign-out.ts';
import { wanted } from './core/turn.ts';
import { passesOf, refusalIn, type SessionPort, type Wire } from './passes.ts';
import { browser } from './ports/browser.ts';
import { absolute } from './ports/origin-of.ts';
import type { Session, SessionOptions } from './session.ts';
import { createSessionDriver } from './session-driver.ts';
import { createSessionFetch } from './session-fetch.ts';
import { createSessionRequest } from './session-request.ts';
import type { SessionUser } from './session-state.ts';

/**
 * The session of whoever uses this page or program. A page has one, made where modules are; on a
 * server it does nothing until it is asked.
 *
 * Attack: a script in the page takes the tokens away. The refresh token is in a cookie that no script
 * reads, and the access token in this closure, never in a storage of the browser (ASVS 5.0 7.1.2).
 *
 * @throws TypeError for `delivery: 'body'` without a storage
 */
export function createSession(options: SessionOptions): Session {
  const { delivery = 'cookie', storage, origins = [], locale } = options;
  if (delivery === 'body' && !storage) throw new TypeError("delivery: 'body' needs a storage.");
  const wire: Wire = {
    delivery,
    url: absolute(options.url),
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args)),
    headers: locale ? { 'accept-language': locale } : {},
  };
  const driver = createSessionDriver({ ...wire, storage });
  const { model, start, waitFor } = driver;
  const passes: SessionPort = {
    take() {
      start();
      return driver.freshPass() ?? waitFor(wanted);
    },
    isRefused({ token, signal }, answer) {
      const reason = refusalIn(answer);
      if (!token || !reason) return false;
      driver.happen(refused, token, reason);
      return !signal.aborted;
    },
    onToken: driver.onToken,
    exchange,
    wire,
  };
  const ready = new Promise<void>((resolve) => {
    const stop = driver.subscribe(() => {
      const { status, problem } = model().state;
      if (status === 'unknown' && !problem) return;
      stop();
      resolve();
    });
  });
  if (browser.document) start();

  return {
    get state() {
      return model().state;
    },
    subscribe(listener) {
      start();
      return driver.subscribe(listener);
    },
    get ready() {
      start();
      return ready;
    },
    async accessToken() {
      try {
        return (await passes.take()).token;
      } catch (error) {
        // That nobody is signed in is known, too.
        if (model().state.status === 'signed-out') return null;
        throw error;
      }
    },
    register: (input) => exchange('register', input),
    login: (input) => exchange('login', input),
    // A program that ends then leaves no token behind.
    logout: () => exchange('logout').then(driver.stored),
    fetch: createSessionFetch({ ...wire, passes, origins }),
    request: createSessionRequest(passes, wire),
    resume: driver.resume,
    close: driver.close,
    [passesOf]: passes,
  };

  async function exchange(
    operation: Exchange['operation'],
    input?: object,
    bearer?: string,
  ): Promise<SessionUser> {
    start();
    // A guest who signs in shows a token that is good.
    if (input && model().state.user?.roles[0] === 'guest') await waitFor(wanted);
    await waitFor((turn, caller) => asked(turn, { operation, input, bearer, caller }));
    return model().state.user as SessionUser;
  }
}
