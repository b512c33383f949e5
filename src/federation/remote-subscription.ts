import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { type Dispatcher, request } from 'undici';
import { WebSocket } from 'ws';
import { identityHeader } from '../subgraph/identity-token.ts';
import type { SubscribeSubgraph } from './engine.ts';
import { SubgraphUnavailable } from './errors.ts';
import { forwardedHeaders, plainIdentityHeaders } from './forwarded-headers.ts';
import { mapEvents } from './map-events.ts';
import { acceptEncoding, decodedBody, readResponse } from './read-response.ts';
import type { RemoteSubgraphOptions } from './remote-subgraph.ts';
import { readServerSentEvents } from './server-sent-events.ts';
import { BadAnswer, type RawAnswer, readAnswer } from './subgraph-answer.ts';

/** What a subscription to a subgraph begins with. */
interface Opening {
  /** The exact text that the identity token is bound to. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string;
}

/**
 * Subscriptions of a subgraph: by the GraphQL over SSE protocol (one request each), or over a WebSocket
 * of its own each, with the identity token in `connection_init`, bound to the payload of `subscribe`.
 * No two clients share one: what a subgraph sends depends on who listens.
 */
export function createRemoteSubscription<Context>(
  options: RemoteSubgraphOptions<Context>,
): SubscribeSubgraph<Context> {
  const { settings, passErrors, mintIdentity } = options;
  const { name } = settings;
  const recipient = { audience: settings.audience ?? name, claims: settings.claims };
  const open = settings.subscriptions === 'graphql-ws' ? overWebSocket : overServerSentEvents;

  return async ({ document, operationName, variables }, context) => {
    const caller = options.callerOf(context);
    const client = options.requestOf(context);
    const body = JSON.stringify({ query: print(document), variables, operationName });
    const { requestId } = client;
    const opening = {
      body,
      token: mintIdentity(caller, recipient, { requestId, operation: 'subscription', body }),
      headers: {
        ...forwardedHeaders(client.headers, settings),
        ...(settings.plainHeaders ? plainIdentityHeaders(caller) : {}),
      },
    };
    const reading = { subgraph: name, passErrors, isCallerKnown: caller.kind === 'user' };
    const toResult = async (text: string) =>
      readAnswer({ status: 200, contentType: 'application/json', text }, reading);
    try {
      return mapEvents(await open(opening), toResult, failed);
    } catch (error) {
      return failed(error);
    }
  };

  function failed(error: unknown): never {
    options.onFailure(name, error);
    const what = error instanceof BadAnswer ? error.message : 'the subscription broke';
    throw new SubgraphUnavailable(`${name}: ${what}`, error);
  }

  async function overServerSentEvents({
    body,
    headers,
    token,
  }: Opening): Promise<AsyncIterable<string>> {
    const response: Dispatcher.ResponseData = await request(settings.url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'accept-encoding': acceptEncoding,
        'content-type': 'application/json',
        ...headers,
        [identityHeader]: token,
      },
      body,
      dispatcher: options.dispatcher,
      headersTimeout: settings.timeout,
      bodyTimeout: 0,
    });
    const { statusCode: status } = response;
    const type = String(response.headers['content-type'] ?? '');
    if (status === 200 && /^text\/event-stream\b/i.test(type)) {
      return readServerSentEvents(decodedBody(response), settings.maxResponseSize);
    }
    if (status < 500 && /^application\/(graphql-response\+)?json\b/i.test(type)) {
      return refusal(await readInTime(response));
    }
    response.body.on('error', () => {}).destroy();
    throw new BadAnswer(`status ${status}, no event stream`);
  }

  /** An operation that was refused is answered with that: the one event there is. */
  async function* refusal({ text }: RawAnswer): AsyncIterable<string> {
    yield text;
  }

  async function readInTime(response: Dispatcher.ResponseData): Promise<RawAnswer> {
    const late = AbortSignal.timeout(settings.timeout);
    const cut = () => response.body.destroy(new BadAnswer('no answer in time'));
    late.addEventListener('abort', cut, { once: true });
    try {
      return await readResponse(response, settings.maxResponseSize);
    } finally {
      late.removeEventListener('abort', cut);
    }
  }

  async function overWebSocket({ body, headers, token }: Opening): Promise<AsyncIterable<string>> {
    class SubgraphSocket extends WebSocket {
      constructor(address: string, protocol: string) {
        super(address, protocol, {
          headers,
          maxPayload: settings.maxResponseSize,
          handshakeTimeout: settings.timeout,
        });
      }
    }
    const client = createClient({
      url: settings.url.replace(/^http/, 'ws'),
      webSocketImpl: SubgraphSocket,
      connectionParams: { [identityHeader]: token },
      connectionAckWaitTimeout: settings.timeout,
      retryAttempts: 0,
    });
    const events = client.iterate(JSON.parse(body));
    return mapEvents(
      events,
      async (result) => JSON.stringify(result),
      (error) => {
        // A refused operation is an answer, a broken connection is none.
        if (Array.isArray(error)) return JSON.stringify({ errors: error });
        throw error;
      },
    );
  }
}
