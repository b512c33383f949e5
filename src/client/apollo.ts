import { type ApolloClient, ApolloLink, Observable } from '@apollo/client';
import type { StepUpGate } from './factors/step-up-gate.ts';
import { type Pass, passesOf } from './passes.ts';
import type { Session } from './session.ts';

type Result = ApolloLink.Result;
export interface SessionLinkOptions {
  /**
   * Asked where an operation lacks something that the person has to show (`STEP_UP_REQUIRED`). It is sent
   * once more then: a query, or a mutation with one field, which was refused.
   */
  readonly stepUpGate?: StepUpGate;
}

type Observer = Parameters<ConstructorParameters<typeof Observable<Result>>[0] & object>[0];

/**
 * One link for Apollo Client 4, in front of all others. It sends operations with the access token, waits
 * for one where there is none yet, and sends an operation once more whose token was refused, if it
 * can't have done anything. When somebody else signs in, or nobody is signed in any more, what is under
 * way fails with `SESSION_CHANGED`, and the cache is reset or cleared; subscriptions go on when the same
 * person signs in anew. While the gateway can't be reached, queries say so and subscriptions wait; when
 * it can, queries that somebody watches are asked again.
 *
 * An operation with `context: { session: false }` is left alone.
 */
export function sessionLink(session: Session, options: SessionLinkOptions = {}): ApolloLink {
  const { stepUpGate } = options;
  const clients = new Set<ApolloClient>();
  let holder = holderOf(session, undefined);
  let { problem } = session.state;
  session.subscribe(() => {
    const former = holder;
    const isReached = problem && !session.state.problem;
    holder = holderOf(session, former);
    problem = session.state.problem;
    const isOther = former !== undefined && former !== holder;
    for (const client of clients) {
      // At once, before whoever waited for the sign-in asks anything: what is asked later stays. What
      // the new user's queries meet is told to whoever watches them.
      if (isOther) (holder ? client.resetStore() : client.clearStore()).catch(() => {});
      if (isReached && !(isOther && holder)) askAgain(client);
    }
  });

  return new ApolloLink((operation, forward) => {
    clients.add(operation.client);
    if (operation.getContext().session === false) return forward(operation);
    return new Observable<Result>((observer) =>
      send(session, stepUpGate, operation, forward, observer),
    );
  });
}

/** @returns what ends it */
function send(
  session: Session,
  gate: StepUpGate | undefined,
  operation: ApolloLink.Operation,
  forward: ApolloLink.ForwardFunction,
  observer: Observer,
): () => void {
  const passes = session[passesOf];
  const isSubscription = operation.operationType === 'subscription';
  let stop = () => {};
  let isOver = false;
  begin(true, gate);
  return () => {
    isOver = true;
    stop();
  };

  /** With what it may be sent once more: another token, and somebody who steps up. */
  function begin(isRenewable: boolean, open: StepUpGate | undefined): void {
    try {
      const pass = passes.take();
      if ('then' in pass) pass.then((taken) => start(taken, isRenewable, open), wait);
      else start(pass, isRenewable, open);
    } catch (error) {
      fail(error);
    }

    function wait(error: unknown): void {
      if (isOver) return;
      if (!isSubscription || !session.state.problem) fail(error);
      else {
        stop = session.subscribe(() => {
          if (session.state.problem) return;
          stop();
          begin(isRenewable, open);
        });
      }
    }
  }

  function fail(error: unknown): void {
    stop();
    observer.error(error);
  }

  function start(pass: Pass, isRenewable: boolean, open: StepUpGate | undefined): void {
    const { token } = pass;
    const signal = isSubscription ? pass.lasting : pass.signal;
    const rounds = open?.rounds() ?? 0;
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
    let isFirst = true;
    let isReplaced = false;
    /** What came, while the person is asked. */
    let held: (() => void)[] | undefined;
    const inner = forward(operation).subscribe({
      next(result) {
        tell(result, !result.data, () => observer.next(result));
      },
      error(error) {
        tell(bodyOf(error), true, () => {
          signal.removeEventListener('abort', onAbort);
          observer.error(error);
        });
      },
      complete() {
        const complete = () => {
          signal.removeEventListener('abort', onAbort);
          observer.complete();
        };
        if (held) held.push(complete);
        else if (!isReplaced) complete();
      },
    });
    stop = () => {
      signal.removeEventListener('abort', onAbort);
      inner.unsubscribe();
    };

    function tell(answer: unknown, isEmpty: boolean, deliver: () => void): void {
      const { data } = (answer ?? {}) as Result;
      const asked = isFirst ? open?.judge(answer, data, operation.query, rounds) : undefined;
      if (held) held.push(deliver);
      else if (asked) {
        isFirst = false;
        held = [deliver];
        void hold(asked);
      } else if (!isRepeating(answer, isEmpty)) deliver();
    }

    /** What came waits for the person, and is told unless it is made up for. */
    async function hold(asked: Promise<boolean>): Promise<void> {
      const isMet = await asked;
      if (isOver || signal.aborted) return;
      const late = held ?? [];
      held = undefined;
      if (isMet) {
        isReplaced = true;
        stop();
        begin(isRenewable, undefined);
      } else for (const deliver of late) deliver();
    }

    /** Whether the token was refused, and all is sent again. */
    function isRepeating(answer: unknown, isEmpty: boolean): boolean {
      // What ends the session is told to whoever asked, and not that it has ended.
      signal.removeEventListener('abort', onAbort);
      const isRefused = passes.isRefused(pass, answer);
      const isHarmless = isEmpty || operation.operationType === 'query';
      const isAgain = isRefused && isRenewable && isFirst && isHarmless;
      isFirst = false;
      isReplaced = isAgain;
      if (isAgain) begin(false, open);
      else signal.addEventListener('abort', onAbort);
      return isAgain;
    }
  }
}

/** Asks again what failed for want of a token. */
function askAgain(client: ApolloClient): void {
  for (const query of client.getObservableQueries()) {
    const { error } = query.getCurrentResult();
    if (error?.name === 'GatehouseError') query.refetch().catch(() => {});
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
