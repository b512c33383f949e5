import { type DocumentNode, type ExecutionResult, print } from 'graphql';
import { type Dispatcher, request } from 'undici';
import type { NewId } from '../core/random.ts';
import { identityHeader, largestSubgraphRequest } from '../subgraph/identity-token.ts';
import { openDeadline } from './deadline.ts';
import type { ExecuteSubgraph } from './engine.ts';
import { SubgraphUnavailable, TooManyReferences } from './errors.ts';
import type { TakePlace } from './fair-places.ts';
import { type ClientHeaders, forwardedHeaders, plainIdentityHeaders } from './forwarded-headers.ts';
import type { Caller, MintIdentity } from './identity/mint-identity.ts';
import { acceptEncoding, readResponse } from './read-response.ts';
import { BadAnswer, readAnswer } from './subgraph-answer.ts';
import { createSubgraphHealth } from './subgraph-health.ts';
import type { SubgraphSettings } from './subgraph-settings.ts';

/** What is known of the client's request that a request to a subgraph serves. */
export interface ClientRequest {
  readonly requestId: string;
  readonly headers: ClientHeaders;
  readonly traceparent: string | undefined;
  /** Whom it counts for where requests take turns: the same for all of one person, or of one network. */
  readonly holder: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly gone: AbortSignal | undefined;
}

export interface RemoteSubgraphOptions<Context> {
  readonly settings: SubgraphSettings;
  readonly mintIdentity: MintIdentity;
  readonly dispatcher: Dispatcher;
  readonly passErrors: boolean;
  /** Who is asking. @throws DomainError when a token was presented and is bad */
  readonly callerOf: (context: Context) => Caller;
  readonly requestOf: (context: Context) => ClientRequest;
  readonly takePlace: TakePlace;
  readonly newId: NewId;
  /** Calls back after so many milliseconds. */
  readonly after: (milliseconds: number, work: () => void) => void;
  /** Told of each failed attempt. */
  readonly onFailure: (subgraph: string, error: unknown) => void;
  /** Told when requests stop being sent, and when they are sent again. */
  readonly onCircuit: (subgraph: string, state: 'open' | 'closed') => void;
  /** Aborted when no graph has it any more. */
  readonly removed: AbortSignal;
}

/** How often a query is sent at most. A mutation is sent once: nobody knows what the first one did. */
const attempts = 2;
/** What a subgraph is asked for that is in doubt. */
const probeBody = JSON.stringify({ query: '{ __typename }' });

/**
 * A subgraph over HTTP.
 *
 * Attack: a subgraph that hangs, answers without end or redirects to where the gateway can reach and
 * the attacker can't: one time limit over everything, a limit on the size, no redirects.
 */
export function createRemoteSubgraph<Context>(
  options: RemoteSubgraphOptions<Context>,
): ExecuteSubgraph<Context> {
  const { settings, mintIdentity, dispatcher, passErrors, callerOf, requestOf } = options;
  const { name } = settings;
  const recipient = { audience: settings.audience ?? name, claims: settings.claims };
  const health = createSubgraphHealth({
    probe,
    after: options.after,
    onCircuit: (state) => options.onCircuit(name, state),
    removed: options.removed,
  });

  return async ({ document, operation, operationName, variables }, context) => {
    const caller = callerOf(context);
    const client = requestOf(context);
    const body = JSON.stringify({ query: textOf(document), variables, operationName });
    if (Buffer.byteLength(body) > largestSubgraphRequest) throw new TooManyReferences(name);
    const { requestId, holder } = client;
    // What a mutation has begun is never called off halfway.
    const gone = operation === 'query' ? client.gone : undefined;
    const send = async () => {
      const { signal, lift } = openDeadline(settings.timeout, gone);
      let leave: (() => void) | undefined;
      try {
        leave = await options.takePlace(holder, signal);
        const headers = {
          ...forwardedHeaders(client.headers, settings),
          ...(settings.plainHeaders ? plainIdentityHeaders(caller) : {}),
          ...(client.traceparent === undefined ? {} : { traceparent: client.traceparent }),
          [identityHeader]: mintIdentity(caller, recipient, { requestId, operation, body }),
        };
        return readAnswer(await post(body, headers, signal), {
          subgraph: name,
          passErrors,
          isCallerKnown: caller.kind === 'user',
        });
      } finally {
        leave?.();
        lift();
      }
    };
    return sendPatiently(send, operation === 'query' ? attempts : 1, gone);
  };

  async function sendPatiently(
    send: () => Promise<ExecutionResult>,
    left: number,
    gone: AbortSignal | undefined,
  ): Promise<ExecutionResult> {
    if (health.isAway()) throw new SubgraphUnavailable(`${name}: left alone`);
    try {
      const result = await send();
      health.answered();
      return result;
    } catch (error) {
      if (gone?.aborted) throw new SubgraphUnavailable(`${name}: the client left`, error);
      options.onFailure(name, error);
      health.failed();
      if (left > 1 && isWorthRepeating(error) && health.mayRepeat()) {
        return sendPatiently(send, left - 1, gone);
      }
      throw new SubgraphUnavailable(`${name}: ${whatHappened(error)}`, error);
    }
  }

  async function post(body: string, headers: Record<string, string>, signal: AbortSignal) {
    const response = await request(settings.url, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'accept-encoding': acceptEncoding,
        'content-type': 'application/json',
        ...headers,
      },
      body,
      dispatcher,
      signal,
    });
    return readResponse(response, settings.maxResponseSize);
  }

  /** Refusing to answer strangers is an answer too. */
  async function probe(): Promise<void> {
    const forwarded = { requestId: options.newId(), operation: 'query', body: probeBody } as const;
    const token = mintIdentity({ kind: 'anonymous' }, recipient, forwarded);
    const signal = AbortSignal.timeout(settings.timeout);
    const answer = await post(probeBody, { [identityHeader]: token }, signal);
    if (answer.status >= 400 && answer.status < 500) return;
    readAnswer(answer, { subgraph: name, passErrors, isCallerKnown: false });
  }
}

/** A slow subgraph gets no second request on top of the first; one that was unreachable does. */
function isWorthRepeating(error: unknown): boolean {
  return !(error instanceof BadAnswer) && named(error).name !== 'TimeoutError';
}

function whatHappened(error: unknown): string {
  if (error instanceof BadAnswer) return error.message;
  if (named(error).name === 'TimeoutError') return 'no answer in time';
  const { code, name } = named(error);
  return `unreachable (${typeof code === 'string' ? code : name})`;
}

/** What an error is called, of whatever realm it comes. */
function named(error: unknown): { readonly name?: string; readonly code?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}

/** Plans are kept, and with them their documents: each is printed once. */
const texts = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode): string {
  let text = texts.get(document);
  if (text === undefined) {
    text = print(document);
    texts.set(document, text);
  }
  return text;
}
