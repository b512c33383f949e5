import { IdentityRefused, refusalBody } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { largestSubgraphRequest } from '../identity-token.ts';
import type { RequestHeaders, VerifyIdentity } from '../verify-identity.ts';

/** What is used of a request of Express, Connect or plain Node. */
export interface IncomingRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  rawBody?: Uint8Array;
  body?: unknown;
  identity?: Identity;
}

interface OutgoingResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export interface ExpressIdentityOptions {
  /** Bytes of the largest body that is read; by default as large as the gateway sends, 4 MiB. */
  readonly maxBodySize?: number;
}

/**
 * Middleware for Express, Connect and NestJS: mount it on the GraphQL route, before anything that parses
 * the body. It reads the body itself, because the token is bound to its exact bytes, and leaves
 * `request.body` parsed and `request.identity` filled. What the gateway has not sent is answered here.
 *
 * Attack: a token that was seen once, sent again with its own body and another operation in the URL,
 * which GraphQL servers read in a GET, and some in a POST too. The token says nothing of the URL.
 */
export function expressIdentity(
  verify: VerifyIdentity,
  { maxBodySize = largestSubgraphRequest }: ExpressIdentityOptions = {},
) {
  return async (
    request: IncomingRequest,
    response: OutgoingResponse,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    try {
      refuseOperationInUrl(request);
      const rawBody = request.rawBody ?? (await readBody(request, maxBodySize));
      request.identity = await verify(request.headers satisfies RequestHeaders, rawBody);
      request.rawBody = rawBody;
      request.body = JSON.parse(Buffer.from(rawBody).toString('utf8'));
    } catch (error) {
      if (!(error instanceof IdentityRefused)) return next(error);
      response.statusCode = error.status;
      if (error.reason === 'METHOD_NOT_ALLOWED') response.setHeader('allow', 'POST');
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(refusalBody(error));
      return;
    }
    next();
  };
}

function refuseOperationInUrl({ method, url = '/' }: IncomingRequest): void {
  if (method !== 'POST') throw new IdentityRefused('METHOD_NOT_ALLOWED');
  const { searchParams } = new URL(url, 'http://subgraph.invalid');
  if (
    ['query', 'operationName', 'variables', 'extensions'].some((name) => searchParams.has(name))
  ) {
    throw new IdentityRefused('BODY_MISMATCH');
  }
}

async function readBody(request: IncomingRequest, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit) throw new IdentityRefused('BODY_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
