import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GraphQLSchema, graphql } from 'graphql';
import { type Resolvers, subgraphOf } from '../../examples/gateway/federated-schema.ts';
import {
  createIdentityVerifier,
  type Identity,
  IdentityRefused,
  refusalBody,
  type VerifyIdentity,
} from '../../src/subgraph/index.ts';
import { keepAliveTimeout } from './keep-alive.ts';

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly query: string; readonly variables?: Record<string, unknown> };
}

/** What resolvers get. */
export interface SubgraphContext {
  readonly identity: Identity;
}

export interface TestSubgraph {
  readonly url: string;
  /** What came in, besides questions for the schema. */
  readonly requests: ReceivedRequest[];
  /** From now on it answers in this way; undefined: as it should. */
  misbehave: ((response: ServerResponse) => void) | undefined;
  /** Another schema from now on. */
  readonly become: (
    sdl: string,
    entities: readonly string[],
    resolvers: Resolvers<SubgraphContext>,
  ) => void;
  readonly stop: () => Promise<void>;
}

/** The gateway that a subgraph trusts: how to verify, or what a verifier is made of. */
export type Trust =
  | { readonly verify: VerifyIdentity }
  | { readonly issuer: string; readonly keysUrl: string; readonly now: () => Date };

function verifierOf(subgraph: string, trust: Trust): VerifyIdentity {
  if ('verify' in trust) return trust.verify;
  const { issuer, keysUrl, now } = trust;
  return createIdentityVerifier({ gateway: issuer, keysUrl, subgraph, now });
}

/** A subgraph on a free port, which trusts nobody but the gateway with these keys. */
export async function startTestSubgraph(
  name: string,
  trust: () => Trust,
  sdl: string,
  entities: readonly string[],
  resolvers: Resolvers<SubgraphContext>,
): Promise<TestSubgraph> {
  let schema: GraphQLSchema = subgraphOf(sdl, entities, resolvers);
  const requests: ReceivedRequest[] = [];
  const server = createServer({ keepAliveTimeout }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const rawBody = Buffer.concat(chunks);
    const body = JSON.parse(rawBody.toString());
    const isOwn = body.query.includes('_service');
    if (!isOwn) requests.push({ headers: request.headers, body });
    if (subgraph.misbehave) return subgraph.misbehave(response);
    response.setHeader('content-type', 'application/json');
    try {
      // Its keys can't be fetched before the gateway that asks for the schema listens.
      const identity: Identity = isOwn
        ? { kind: 'anonymous', requestId: '' }
        : await verifierOf(name, trust())(request.headers, rawBody);
      const result = await graphql({
        schema,
        source: body.query,
        variableValues: body.variables,
        operationName: body.operationName,
        contextValue: { identity },
      });
      response.end(JSON.stringify(result));
    } catch (error) {
      if (!(error instanceof IdentityRefused)) throw error;
      response.statusCode = error.status;
      response.end(refusalBody(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const subgraph: TestSubgraph = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests,
    misbehave: undefined,
    become(...next) {
      schema = subgraphOf(...next);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return subgraph;
}
