import { IdentityRefused, refusalBody } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { RequestHeaders, VerifyIdentity } from '../verify-identity.ts';

/** What is used of a request of Express, Connect or plain Node. */
export interface IncomingRequest extends AsyncIterable<Uint8Array> {
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
  /** Bytes of the largest body that is read; 1 MiB by default. */
  readonly maxBodySize?: number;
}

/**
 * Middleware for Express: mount it on the GraphQL route, before anything that parses the body. It
 * reads the body itself, because the token is bound to its exact bytes, and leaves `request.body`
 * parsed and `request.identity` filled. What the gateway has not sent is answered here.
 */
export function expressIdentity(
  verify: VerifyIdentity,
  { maxBodySize = 1_048_576 }: ExpressIdentityOptions = {},
) {
  return async (
    request: IncomingRequest,
    response: OutgoingResponse,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    try {
      const rawBody = request.rawBody ?? (await readBody(request, maxBodySize));
      request.identity = await verify(request.headers satisfies RequestHeaders, rawBody);
      request.rawBody = rawBody;
      request.body = JSON.parse(Buffer.from(rawBody).toString('utf8'));
    } catch (error) {
      if (!(error instanceof IdentityRefused)) return next(error);
      response.statusCode = error.status;
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(refusalBody(error));
      return;
    }
    next();
  };
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
