import { ConsecutiveBreaker, circuitBreaker, handleAll, isBrokenCircuitError } from 'cockatiel';
import { type DocumentNode, type ExecutionResult, print } from 'graphql';
import { type Dispatcher, request } from 'undici';
import { identityHeader } from '../subgraph/identity-token.ts';
import type { ExecuteSubgraph } from './engine.ts';
import { SubgraphUnavailable } from './errors.ts';
import { type ClientHeaders, forwardedHeaders, plainIdentityHeaders } from './forwarded-headers.ts';
import type { Caller, MintIdentity } from './identity/mint-identity.ts';
import { BadAnswer, type RawAnswer, readAnswer } from './subgraph-answer.ts';
import type { SubgraphSettings } from './subgraph-settings.ts';

/** What is known of the client's request that a request to a subgraph serves. */
export interface ClientRequest {
  readonly requestId: string;
  readonly headers: ClientHeaders;
  readonly traceparent: string | undefined;
}

export interface RemoteSubgraphOptions<Context> {
  readonly settings: SubgraphSettings;
  readonly mintIdentity: MintIdentity;
  readonly dispatcher: Dispatcher;
  readonly passErrors: boolean;
  /** Who is asking. @throws DomainError when a token was presented and is bad */
  readonly callerOf: (context: Context) => Caller;
  readonly requestOf: (context: Context) => ClientRequest;
  /** Told of each failed attempt. */
  readonly onFailure: (subgraph: string, error: unknown) => void;
  /** Told when requests stop being sent, and when they are sent again. */
  readonly onCircuit: (subgraph: string, state: 'open' | 'closed') => void;
}

/** Failures in a row after which a subgraph is left alone, and for how many milliseconds. */
const breaker = { failures: 5, pause: 5_000 };
/** How often a query is sent at most. A mutation is sent once: nobody knows what the first one did. */
const attempts = 2;

/**
 * A subgraph over HTTP.
 *
 * Attacks: a subgraph that hangs, answers without end or redirects to where the gateway can reach and
 * the attacker can't: one time limit over everything, a limit on the size, no redirects.
 */
export function createRemoteSubgraph<Context>(
  options: RemoteSubgraphOptions<Context>,
): ExecuteSubgraph<Context> {
  const { settings, mintIdentity, dispatcher, passErrors, callerOf, requestOf } = options;
  const { name } = settings;
  const recipient = { audience: settings.audience ?? name, claims: settings.claims };
  const circuit = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(breaker.failures),
    halfOpenAfter: breaker.pause,
  });
  circuit.onBreak(() => options.onCircuit(name, 'open'));
  circuit.onReset(() => options.onCircuit(name, 'closed'));

  return async ({ document, operation, operationName, variables }, context) => {
    const caller = callerOf(context);
    const client = requestOf(context);
    const body = JSON.stringify({ query: textOf(document), variables, operationName });
    const { requestId } = client;
    const send = () =>
      post(body, {
        ...forwardedHeaders(client.headers, settings),
        ...(settings.plainHeaders ? plainIdentityHeaders(caller) : {}),
        ...(client.traceparent === undefined ? {} : { traceparent: client.traceparent }),
        [identityHeader]: mintIdentity(caller, recipient, { requestId, operation, body }),
      });
    return sendPatiently(send, operation === 'query' ? attempts : 1);
  };

  async function sendPatiently(
    send: () => Promise<ExecutionResult>,
    left: number,
  ): Promise<ExecutionResult> {
    try {
      return await circuit.execute(send);
    } catch (error) {
      if (isBrokenCircuitError(error)) throw new SubgraphUnavailable(`${name}: left alone`);
      options.onFailure(name, error);
      if (left > 1 && isWorthRepeating(error)) return sendPatiently(send, left - 1);
      throw new SubgraphUnavailable(`${name}: ${whatHappened(error)}`, error);
    }
  }

  async function post(body: string, headers: Record<string, string>): Promise<ExecutionResult> {
    const response = await request(settings.url, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'content-type': 'application/json',
        ...headers,
      },
      body,
      dispatcher,
      signal: AbortSignal.timeout(settings.timeout),
    });
    return readAnswer(await readResponse(response), name, passErrors);
  }

  async function readResponse(response: Dispatcher.ResponseData): Promise<RawAnswer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      // Leaving the loop closes the connection.
      if (size > settings.maxResponseSize) throw new BadAnswer('too large');
      chunks.push(chunk);
    }
    return {
      status: response.statusCode,
      contentType: String(response.headers['content-type'] ?? ''),
      text: Buffer.concat(chunks).toString('utf8'),
    };
  }
}

/** A slow subgraph gets no second request on top of the first; one that was unreachable does. */
function isWorthRepeating(error: unknown): boolean {
  return !(error instanceof BadAnswer) && nameOf(error) !== 'TimeoutError';
}

function whatHappened(error: unknown): string {
  if (error instanceof BadAnswer) return error.message;
  if (nameOf(error) === 'TimeoutError') return 'no answer in time';
  const code = error instanceof Error && 'code' in error ? String(error.code) : nameOf(error);
  return `unreachable (${code})`;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
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
