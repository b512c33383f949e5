import { type ApolloClient, ApolloLink, Observable } from '@apollo/client';
import { type Pass, passesOf } from './passes.ts';
import type { Session } from './session.ts';

type Result = ApolloLink.Result;
type Observer = Parameters<ConstructorParameters<typeof Observable<Result>>[0] & object>[0];

/**
 * One link for Apollo Client 4, in front of all others. It sends operations with the access token, waits
 * for one where there is none yet, and sends an operation once more whose token was refused, if it
 * can't have done anything. When somebody else signs in, or nobody is signed in any more, what is under
 * way fails with `SESSION_CHANGED`, and the cache is reset or cleared.
 *
 * An operation with `context: { session: false }` is left alone.
 */
export function sessionLink(session: Session): ApolloLink {
  const clients = new Set<ApolloClient>();
  let holder = holderOf(session, undefined);
  session.subscribe(() => {
    const former = holder;
    holder = holderOf(session, former);
    if (former === undefined || former === holder) return;
    // At once, before whoever waited for the sign-in asks anything: what is asked later stays.
    for (const client of clients) {
      // What the new user's queries meet is told to whoever watches them.
      (holder ? client.resetStore() : client.clearStore()).catch(() => {});
    }
  });

  return new ApolloLink((operation, forward) => {
    clients.add(operation.client);
    if (operation.getContext().session === false) return forward(operation);
    return new Observable<Result>((observer) => send(session, operation, forward, observer));
  });
}

/** @returns what ends it */
function send(
  session: Session,
  operation: ApolloLink.Operation,
  forward: ApolloLink.ForwardFunction,
  observer: Observer,
): () => void {
  const passes = session[passesOf];
  let stop = () => {};
  let isOver = false;
  begin(true);
  return () => {
    isOver = true;
    stop();
  };

  function begin(isFirst: boolean): void {
    try {
      const pass = passes.take();
      if ('then' in pass) pass.then((taken) => start(taken, isFirst), fail);
      else start(pass, isFirst);
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    stop();
    observer.error(error);
  }

  function start(pass: Pass, isFirst: boolean): void {
    const { token, signal } = pass;
    const onAbort = () => fail(signal.reason);
    if (isOver) return;
    if (signal.aborted) {
      onAbort();
      return;
    }
    if (token) {
      const authorization = `Bearer ${token}`;
      operation.setContext(({ headers }) => ({ headers: { ...headers, authorization } }));
    }
    signal.addEventListener('abort', onAbort);
    let isRepeatable = isFirst;
    let isReplaced = false;
    const inner = forward(operation).subscribe({
      next(result) {
        if (!isRepeating(result, !result.data)) observer.next(result);
      },
      error(error) {
        if (isRepeating(bodyOf(error), true)) return;
        signal.removeEventListener('abort', onAbort);
        observer.error(error);
      },
      complete() {
        if (isReplaced) return;
        signal.removeEventListener('abort', onAbort);
        observer.complete();
      },
    });
    stop = () => {
      signal.removeEventListener('abort', onAbort);
      inner.unsubscribe();
    };

    /** Whether the token was refused, and all is sent again. */
    function isRepeating(answer: unknown, isEmpty: boolean): boolean {
      // What ends the session is told to whoever asked, and not that it has ended.
      signal.removeEventListener('abort', onAbort);
      const isRefused = passes.isRefused(pass, answer);
      const isAgain = isRefused && isRepeatable && (isEmpty || operation.operationType === 'query');
      isRepeatable = false;
      isReplaced = isAgain;
      if (isAgain) begin(false);
      else signal.addEventListener('abort', onAbort);
      return isAgain;
    }
  }
}

/** What came with an HTTP error, which Apollo does not read. */
function bodyOf(error: { readonly bodyText?: string }): unknown {
  try {
    return error.bodyText ? JSON.parse(error.bodyText) : error;
  } catch {
    return error;
  }
}

/** Who is signed in, null for nobody; undefined until that was ever known. */
function holderOf({ state }: Session, former: string | null | undefined) {
  return state.status === 'unknown' && former === undefined ? undefined : (state.user?.id ?? null);
}
