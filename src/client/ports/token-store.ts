import type { Stored } from '../core/model.ts';
import { GatehouseError } from '../gatehouse-error.ts';
import { within } from './within.ts';

/**
 * Where an application without cookies keeps the refresh token: a keychain, a file. One text; what is
 * in it is this package's business. Each method may be asynchronous, and throws when it can't.
 */
export interface TokenStorage {
  get(): string | null | undefined | Promise<string | null | undefined>;
  set(value: string): unknown;
  remove(): unknown;
}

/** One piece of work after the other. @throws GatehouseError */
export interface TokenStore {
  readonly load: () => Promise<Stored>;
  readonly save: (token: string) => Promise<unknown>;
  /** Keeps the token for signing out alone. */
  readonly mark: () => Promise<unknown>;
  /** Takes the token out that was last read or written, not one that somebody else wrote since. */
  readonly forget: () => Promise<unknown>;
}

const mark = 'leaving ';

export function createTokenStore(storage: TokenStorage): TokenStore {
  let known: string | null | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    load: () =>
      next(async () => {
        const stored = await read();
        known = stored.token;
        return stored;
      }),
    save: (token) =>
      next(async () => {
        await storage.set(token);
        known = token;
      }),
    mark: () =>
      next(async () => {
        const { token } = await read();
        if (token) await storage.set(mark + token);
      }),
    forget: () =>
      next(async () => {
        if ((await read()).token === known) await storage.remove();
      }),
  };

  async function read(): Promise<Stored> {
    const [token = '', isLeaving] = ((await storage.get()) || '').split(mark).reverse();
    return { token: token || null, isLeaving: isLeaving !== undefined };
  }

  function next<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last
      .then(() => within(5_000, work))
      .catch((cause) => {
        throw new GatehouseError('NETWORK', 'The storage failed.', {
          retryable: true,
          cause,
        });
      });
    last = result.catch(() => {});
    return result;
  }
}
