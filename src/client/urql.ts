import {
  type AnyVariables,
  type CombinedError,
  type Exchange,
  makeErrorResult,
  makeOperation,
  type Operation,
  type OperationResult,
} from '@urql/core';
import { filter, makeSubject, merge, pipe } from 'wonka';
import { type Pass, passesOf } from './passes.ts';
import type { Session } from './session.ts';

/** An operation on its way. */
interface Way {
  readonly pass: Pass;
  isRepeatable: boolean;
  stop: () => void;
}

/**
 * An exchange for urql (`@urql/core` 5 and 6), after the cache and before what fetches. It sends
 * operations with the access token, waits for one where there is none yet, and sends an operation once
 * more whose token was refused, if it can't have done anything. When somebody else signs in, or nobody
 * is signed in any more, what is under way fails with `SESSION_CHANGED`. urql can't empty its cache:
 * make a client a user, with `usePerUser`.
 *
 * An operation with `context: { session: false }` is left alone.
 */
export function sessionExchange(session: Session): Exchange {
  const passes = session[passesOf];
  return ({ forward }) =>
    (operations) => {
      const outgoing = makeSubject<Operation>();
      const failures = makeSubject<OperationResult>();
      /** By the operation's key: what ends it. */
      const ways = new Map<number, Way | undefined>();
      const incoming = pipe(
        operations,
        filter((operation) => {
          if (operation.kind === 'teardown') end(operation.key);
          const isOurs = operation.kind !== 'teardown' && operation.context.session !== false;
          if (isOurs) begin(operation, true);
          return !isOurs;
        }),
      );
      const results = pipe(
        forward(merge([outgoing.source, incoming])),
        filter((result) => isToBeTold(result)),
      );
      return merge([results, failures.source]);

      function begin(operation: Operation, isFirst: boolean): void {
        const { key } = operation;
        end(key);
        ways.set(key, undefined);
        const isWaiting = () => ways.has(key) && ways.get(key) === undefined;
        try {
          const pass = passes.take();
          if (!('then' in pass)) send(operation, pass, isFirst);
          else {
            pass.then(
              (taken) => isWaiting() && send(operation, taken, isFirst),
              (error) => isWaiting() && fail(operation, error),
            );
          }
        } catch (error) {
          fail(operation, error);
        }
      }

      function send(operation: Operation, pass: Pass, isRepeatable: boolean): void {
        const { signal, token } = pass;
        const onAbort = () => {
          outgoing.next(makeOperation('teardown', operation, operation.context));
          fail(operation, signal.reason);
        };
        if (signal.aborted) {
          fail(operation, signal.reason);
          return;
        }
        signal.addEventListener('abort', onAbort);
        const stop = () => signal.removeEventListener('abort', onAbort);
        const way: Way = { pass, isRepeatable, stop };
        ways.set(operation.key, way);
        const context = { ...operation.context, gatehouse: way };
        const authorized = token
          ? { ...context, fetchOptions: withToken(context, token) }
          : context;
        outgoing.next(makeOperation(operation.kind, operation, authorized));
      }

      function isToBeTold(result: OperationResult): boolean {
        const { operation, error, data } = result;
        const way = operation.context.gatehouse as Way | undefined;
        if (!way) return true;
        // Attack: an answer to the former user's question is shown to the next one.
        if (way.pass.signal.aborted || ways.get(operation.key) !== way) return false;
        // What ends the session is told to whoever asked, and not that it has ended.
        way.stop();
        const isRefused = passes.isRefused(way.pass, error);
        const isAgain = isRefused && way.isRepeatable && (!data || operation.kind === 'query');
        way.isRepeatable = false;
        if (isAgain) begin(operation, false);
        else if (!result.hasNext) ways.delete(operation.key);
        return !isAgain;
      }

      function fail(operation: Operation, error: unknown): void {
        end(operation.key);
        failures.next(makeErrorResult(operation, error as CombinedError));
      }

      function end(key: number): void {
        ways.get(key)?.stop();
        ways.delete(key);
      }
    };
}

function withToken({ fetchOptions }: Operation<unknown, AnyVariables>['context'], token: string) {
  const options = typeof fetchOptions === 'function' ? fetchOptions() : (fetchOptions ?? {});
  const headers = Object.fromEntries(new Headers(options.headers));
  return { ...options, headers: { ...headers, authorization: `Bearer ${token}` } };
}
