import type { IncomingHttpHeaders } from 'node:http';
import {
  type ApolloServer,
  HeaderMap,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import type { Request, RequestHandler } from 'express';
import type { GraphQLContext } from '../graphql/context.ts';
import type { DocumentGate } from './document-gate.ts';
import type { KnownAnswer, KnownOperation, KnownOperations } from './known-operations.ts';
import type { FindPersistedDocument } from './persisted-documents.ts';
import { announcesJson, type JsonBody, parseJson, readJsonBody } from './read-json-body.ts';
import { createRequestContexts, type RequestContextOptions } from './request-context.ts';
import { activityOf } from './request-id.ts';
import {
  beginExchange,
  type Exchange,
  type Handler,
  setHead,
  setHeaders,
  withShort,
} from './step.ts';

export interface GraphQLEndpointOptions extends RequestContextOptions {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly admitDocument: DocumentGate;
  /** Absent where Apollo Server answers every operation. */
  readonly knownOperations: KnownOperations | undefined;
  /** Present where only the documents of a manifest may run. */
  readonly findPersistedDocument: FindPersistedDocument | undefined;
  /** Present where only a router may ask. */
  readonly refuseStranger: RefuseStranger | undefined;
  /** Bytes. */
  readonly largestBody: number;
}

/** @returns what whoever is not the router is answered, or undefined for the router */
export type RefuseStranger = (request: {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
  readonly query: string | undefined;
}) => Promise<
  { readonly status: number; readonly reason: string; readonly body: string } | undefined
>;

/** The GraphQL endpoint: a thin adapter between Express and Apollo Server. */
export function graphqlEndpoint(options: GraphQLEndpointOptions): Handler {
  const { knownOperations, refuseStranger, largestBody } = options;
  const answer = createAnswer(options);
  const handle: RequestHandler = async (request, response, next) => {
    const exchange = beginExchange(request, response, next);
    try {
      const isPost = request.method === 'POST';
      const received = isPost ? posted(await readJsonBody(request, largestBody)) : readGet(request);
      await answer(exchange, received);
    } catch (error) {
      exchange.fail(error);
    }
  };
  if (!knownOperations || refuseStranger) return handle;
  return withShort(handle, {
    admits: (request) => request.method === 'POST' && announcesJson(request, largestBody),
    answer: (exchange, bytes) => answer(exchange, posted(parseJson(bytes))),
  });
}

/** Answers an operation: in this turn where it is known and nothing has to be waited for. */
type AnswerOperation = (exchange: Exchange, received: Received) => Promise<void> | undefined;

function createAnswer(options: GraphQLEndpointOptions): AnswerOperation {
  const { refuseStranger } = options;
  const contentTypes = createContentTypeMemory();
  const createContext = createRequestContexts(options);

  return (exchange, { bytes, ...received }) => {
    const incoming = admit(received, options);
    // Tokens and people's data are in these answers (RFC 6749 section 5.1, ASVS 5.0 14.3.2).
    exchange.head.push('cache-control', 'no-store');
    return refuseStranger
      ? answerRouter(exchange, incoming, bytes, refuseStranger)
      : answer(exchange, incoming);
  };

  async function answerRouter(
    exchange: Exchange,
    incoming: Incoming,
    bytes: Uint8Array,
    refuse: RefuseStranger,
  ): Promise<void> {
    const isRefused = await refuseAsStranger(exchange, { incoming, bytes }, refuse);
    if (!isRefused) await answer(exchange, incoming);
  }

  function answer(exchange: Exchange, incoming: Incoming): Promise<void> | undefined {
    const context = createContext(exchange.request, exchange.response);
    return context instanceof Promise
      ? context.then((found) => answerFor(found, exchange, incoming))
      : answerFor(context, exchange, incoming);
  }

  function answerFor(
    context: GraphQLContext,
    exchange: Exchange,
    incoming: Incoming,
  ): Promise<void> | undefined {
    const contentType = contentTypes.find(exchange.request);
    const known = contentType && findKnown(incoming, exchange.request, options);
    if (!known) return askApollo(context, exchange, incoming);
    // The cookies that it sets stand behind the headers that were there before it.
    if (known.kind === 'mutation') setHead(exchange);
    const found = known.run(context);
    const settle = (answer: KnownAnswer | undefined) =>
      answer ? sendKnown(exchange, answer, contentType) : askApollo(context, exchange, incoming);
    return found instanceof Promise ? found.then(settle) : settle(found);
  }

  async function askApollo(
    context: GraphQLContext,
    exchange: Exchange,
    incoming: Incoming,
  ): Promise<void> {
    setHead(exchange);
    const { request, response } = exchange;
    const answer = await options.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { ...incoming, headers: headerMap(request) },
      context: async () => context,
    });
    contentTypes.learn(request, answer);
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    // Apollo's page of development brings the policy that it needs.
    if (answer.headers.get('content-type')?.startsWith('text/html')) {
      response.removeHeader('content-security-policy');
    }
    response.statusCode = answer.status ?? 200;
    if (answer.body.kind === 'complete') {
      sendWhole(exchange, answer.body.string);
      return;
    }
    for await (const chunk of answer.body.asyncIterator) response.write(chunk);
    response.end();
  }
}

function sendKnown(exchange: Exchange, answer: KnownAnswer, contentType: string): undefined {
  for (const [name, value] of answer.headers) exchange.head.push(name, value);
  exchange.head.push('content-type', contentType);
  exchange.response.statusCode = answer.status;
  sendWhole(exchange, answer.body);
}

/** Its length is said here: Node says none of a body whose head was written before. */
function sendWhole({ response, head }: Exchange, text: string): void {
  const isUnset = response.getHeaderNames().length === 0;
  head.push('content-length', String(Buffer.byteLength(text)));
  // In one go: cheaper than setting each.
  if (isUnset) response.writeHead(response.statusCode, head);
  else setHeaders(response, head);
  response.end(text);
}

/** Answers whoever is not the router. @returns whether it did */
async function refuseAsStranger(
  exchange: Exchange,
  { incoming, bytes }: { readonly incoming: Incoming; readonly bytes: Uint8Array },
  refuseStranger: RefuseStranger,
): Promise<boolean> {
  setHead(exchange);
  const { request, response } = exchange;
  const query = operationOf(incoming)?.query;
  const refusal = await refuseStranger({
    headers: request.headers,
    bytes,
    query: typeof query === 'string' ? query : undefined,
  });
  if (!refusal) return false;
  const activity = activityOf(response);
  activity.code = 'UNAUTHENTICATED';
  activity.reason = refusal.reason;
  response.statusCode = refusal.status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(refusal.body);
  return true;
}

function findKnown(
  incoming: Incoming,
  { headers: { accept } }: Request,
  { knownOperations }: GraphQLEndpointOptions,
): KnownOperation | undefined {
  if (!knownOperations || incoming.method !== 'POST') return undefined;
  // A body that is no object is Apollo's to refuse.
  const { query, operationName = null, variables, extensions } = operationOf(incoming) ?? {};
  if (typeof query !== 'string' || (extensions ?? null) !== null) return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  const given = variables ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) return undefined;
  return knownOperations.find({
    query,
    operationName,
    variables: given as Record<string, unknown>,
    accept,
  });
}

/**
 * The content type of an answer follows from the Accept header alone. Which one Apollo Server chose
 * for an exact header is remembered, for a few of the headers that clients send.
 */
function createContentTypeMemory() {
  const known = new Map<string, string>();
  const remembered = 50;
  return {
    find: ({ headers }: Request) => known.get(headers.accept ?? ''),
    learn({ headers }: Request, answer: HTTPGraphQLResponse): void {
      const type = answer.headers.get('content-type');
      if (!type || (answer.status ?? 200) !== 200 || answer.body.kind !== 'complete') return;
      if (type.startsWith('text/html')) return;
      // Attack: headers that never repeat, after which the clients of everybody else were never learnt.
      if (known.size >= remembered) known.clear();
      known.set(headers.accept ?? '', type);
    },
  };
}

/** Passes on what may run, with the text of its document where only an id was sent. */
function admit(
  incoming: Incoming,
  { admitDocument, findPersistedDocument }: GraphQLEndpointOptions,
): Incoming {
  const operation = operationOf(incoming);
  if (!operation) return incoming;
  if (!findPersistedDocument) {
    if (typeof operation.query === 'string') admitDocument(operation.query);
    return incoming;
  }
  const { documentId: _, extensions: __, ...rest } = operation;
  const query = findPersistedDocument(operation);
  admitDocument(query);
  return incoming.method === 'POST'
    ? { ...incoming, body: { ...rest, query } }
    : { ...incoming, search: `?${new URLSearchParams({ ...stringsOf(rest), query })}` };
}

function operationOf({
  method,
  body,
  search,
}: Incoming): Readonly<Record<string, unknown>> | undefined {
  if (method === 'POST') {
    // Anything else, a batch too, is left to Apollo to refuse.
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    return isObject ? (body as Record<string, unknown>) : undefined;
  }
  return search === '' ? undefined : Object.fromEntries(new URLSearchParams(search));
}

function stringsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** As Apollo Server takes it, but for the headers: known operations do without a copy of them. */
type Incoming = Omit<HTTPGraphQLRequest, 'headers'>;

interface Received extends Incoming {
  readonly bytes: Uint8Array;
}

function posted({ bytes, value: body }: JsonBody): Received {
  return { method: 'POST', search: '', body, bytes };
}

function readGet({ url }: Request): Received {
  const start = url.indexOf('?');
  const search = start === -1 ? '' : url.slice(start);
  return { method: 'GET', search, body: undefined, bytes: new Uint8Array() };
}

function headerMap({ headers }: Request): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
