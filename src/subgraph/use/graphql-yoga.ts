import { IdentityRefused, refusalBody } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { VerifyIdentity } from '../verify-identity.ts';

interface ParseEvent {
  readonly request: Request;
  readonly fetchAPI: { readonly Response: typeof Response };
  readonly setRequestParser: (parse: (request: Request) => Promise<Response>) => void;
}

interface ContextEvent {
  readonly context: object;
  readonly extendContext: (extension: never) => void;
}

/**
 * A plugin for GraphQL Yoga. It reads the body in the place of Yoga's own parsers, because the token
 * is bound to its exact bytes. Resolvers find `context.identity`.
 *
 * Attack: as in `expressIdentity`, an operation in the URL. It is never read, and a GET refused.
 */
export function yogaIdentity(verify: VerifyIdentity) {
  const identities = new WeakMap<Request, Identity>();
  return {
    onRequestParse({ request, setRequestParser, fetchAPI }: ParseEvent): void {
      // The parser is given a copy of the request that resolvers never see.
      setRequestParser(async (copy) => {
        try {
          if (copy.method !== 'POST') throw new IdentityRefused('METHOD_NOT_ALLOWED');
          const rawBody = new Uint8Array(await copy.arrayBuffer());
          identities.set(request, await verify(copy.headers, rawBody));
          return JSON.parse(Buffer.from(rawBody).toString('utf8'));
        } catch (error) {
          if (!(error instanceof IdentityRefused)) throw error;
          return new fetchAPI.Response(refusalBody(error), {
            status: error.status,
            headers: {
              'content-type': 'application/json; charset=utf-8',
              ...(error.reason === 'METHOD_NOT_ALLOWED' ? { allow: 'POST' } : {}),
            },
          });
        }
      });
    },
    onContextBuilding({ context, extendContext }: ContextEvent): void {
      const { request } = context as { readonly request: Request };
      const identity = identities.get(request);
      if (!identity) throw new IdentityRefused('TOKEN_MISSING');
      extendContext({ identity } as never);
    },
  };
}
