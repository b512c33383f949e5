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
import type { StepUpGate } from './factors/step-up-gate.ts';
import { type Pass, passesOf } from './passes.ts';
import type { Session } from './session.ts';

/** An operation on its way. */
interface Way extends Repeats {
  readonly pass: Pass;
  readonly signal: AbortSignal;
  readonly rounds: number;
  readonly watch: () => void;
  readonly stop: () => void;
  isFirst: boolean;
}

/** With what an operation may be sent once more: another token, and somebody who steps up. */
interface Repeats {
  readonly isRenewable: boolean;
  readonly open: StepUpGate | undefined;
}

export interface SessionExchangeOptions {
  /**
   * Asked where an operation lacks something that the person has to show (`STEP_UP_REQUIRED`). It is sent
   * once more then: a query, or a mutation with one field, which was refused.
   */
  readonly stepUpGate?: StepUpGate;
}

/**
 * An exchange for urql (`@urql/core` 5 and 6), after the cache and before what fetches. It sends
 * operations with the access token, waits for one where there is none yet, and sends an operation once
 * more whose token was refused, if it can't have done anything. When somebody else signs in, or nobody
 * is signed in any more, what is under way fails with `SESSION_CHANGED`; subscriptions go on when the
 * same person signs in anew. While the gateway can't be reached, queries say so and subscriptions wait;
 * when it can, they are asked again. urql can't empty its cache: make a client a user, with `usePerUser`.
 *
 * An operation with `context: { session: false }` is left alone.
 */
export function sessionExchange(session: Session, options: SessionExchangeOptions = {}): Exchange {
  const { stepUpGate: open } = options;
  const passes = session[passesOf];
  return ({ forward }) =>
    (operations) => {
      const outgoing = makeSubject<Operation>();
      const failures = makeSubject<OperationResult>();
      /** By the operation's key: what ends it. */
      const ways = new Map<number, Pick<Way, 'stop'> | undefined>();
      const incoming = pipe(
        operations,
        filter((operation) => {
          if (operation.kind === 'teardown') end(operation.key);
          const isOurs = operation.kind !== 'teardown' && operation.context.session !== false;
          if (isOurs) begin(operation, { isRenewable: true, open });
          return !isOurs;
        }),
      );
      const results = pipe(
        forward(merge([outgoing.source, incoming])),
        filter((result) => isToBeTold(result)),
      );
      return merge([results, failures.source]);

      function begin(operation: Operation, repeats: Repeats): void {
        const { key } = operation;
        end(key);
        ways.set(key, undefined);
        const isWaiting = () => ways.has(key) && ways.get(key) === undefined;
        try {
          const pass = passes.take();
          if (!('then' in pass)) send(operation, pass, repeats);
          else {
            pass.then(
              (taken) => isWaiting() && send(operation, taken, repeats),
              (error) => isWaiting() && wait(operation, error, repeats),
            );
          }
        } catch (error) {
          fail(operation, error);
        }
      }

      function send(operation: Operation, pass: Pass, repeats: Repeats): void {
        const { token } = pass;
        const signal = operation.kind === 'subscription' ? pass.lasting : pass.signal;
        const onAbort = () => {
          outgoing.next(makeOperation('teardown', operation, operation.context));
          fail(operation, signal.reason);
        };
        if (signal.aborted) {
          fail(operation, signal.reason);
          return;
        }
        const rounds = repeats.open?.rounds() ?? 0;
        const watch = () => signal.addEventListener('abort', onAbort);
        const stop = () => signal.removeEventListener('abort', onAbort);
        const way: Way = { ...repeats, pass, signal, rounds, watch, stop, isFirst: true };
        watch();
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
        if (way.signal.aborted || ways.get(operation.key) !== way) return false;
        // What ends the session is told to whoever asked, and not that it has ended.
        way.stop();
        const { isFirst, isRenewable, open } = way;
        way.isFirst = false;
        const asked = isFirst ? open?.judge(error, data, operation.query, way.rounds) : undefined;
        if (asked) {
          void hold(asked, result, way);
          return false;
        }
        const isRefused = passes.isRefused(way.pass, error);
        const isHarmless = !data || operation.kind === 'query';
        const isAgain = isRefused && isRenewable && isFirst && isHarmless;
        if (isAgain) begin(operation, { isRenewable: false, open });
        else if (result.hasNext) way.watch();
        else ways.delete(operation.key);
        return !isAgain;
      }

      /** Tells the result unless it is made up for. */
      async function hold(
        asked: Promise<boolean>,
        result: OperationResult,
        way: Way,
      ): Promise<void> {
        const { operation } = result;
        way.watch();
        const isMet = await asked;
        if (way.signal.aborted || ways.get(operation.key) !== way) return;
        if (isMet) begin(operation, { ...way, open: undefined });
        else {
          way.stop();
          ways.delete(operation.key);
          failures.next(result);
        }
      }

      /** Where the gateway can't be reached, but for mutations: when it can, it is asked. */
      function wait(operation: Operation, error: unknown, repeats: Repeats): void {
        const { kind, key } = operation;
        const isKept = kind !== 'mutation' && session.state.problem;
        if (isKept) {
          const stop = session.subscribe(() => {
            if (!session.state.problem) begin(operation, repeats);
          });
          ways.set(key, { stop });
        } else end(key);
        if (!isKept || kind === 'query') tell(operation, error);
      }

      function fail(operation: Operation, error: unknown): void {
        end(operation.key);
        tell(operation, error);
      }

      function tell(operation: Operation, error: unknown): void {
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
