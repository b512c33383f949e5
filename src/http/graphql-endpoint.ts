import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import DataLoader from 'dataloader';
import type { Request, RequestHandler, Response } from 'express';
import type { AccountStore } from '../accounts/account-store.ts';
import { type GraphQLContext, toCurrentUser } from '../graphql/context.ts';
import type { Authenticate } from '../sessions/authenticate.ts';
import { clientOf } from './client-address.ts';
import { readJsonBody } from './read-json-body.ts';
import { type RefreshCookieSettings, refreshCookie } from './refresh-cookie.ts';
import { requestIdOf } from './request-id.ts';

export interface GraphQLEndpointOptions {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly authenticate: Authenticate;
  readonly accounts: Pick<AccountStore, 'findByIds'>;
  readonly cookie: RefreshCookieSettings;
}

/** The GraphQL endpoint: a thin adapter between Express and Apollo Server. */
export function graphqlEndpoint(options: GraphQLEndpointOptions): RequestHandler {
  return async (request, response) => {
    const httpGraphQLRequest: HTTPGraphQLRequest = {
      method: request.method,
      headers: headerMap(request),
      search: request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '',
      body: request.method === 'POST' ? await readJsonBody(request) : undefined,
    };
    const answer = await options.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: () => createContext(request, response, options),
    });
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    response.statusCode = answer.status ?? 200;
    if (answer.body.kind === 'complete') {
      response.end(answer.body.string);
      return;
    }
    for await (const chunk of answer.body.asyncIterator) response.write(chunk);
    response.end();
  };
}

async function createContext(
  request: Request,
  response: Response,
  { authenticate, accounts, cookie }: GraphQLEndpointOptions,
): Promise<GraphQLContext> {
  const authentication = await authenticate(request.headers.authorization);
  return {
    requestId: requestIdOf(response),
    client: clientOf(request),
    authentication,
    user: toCurrentUser(authentication),
    refreshCookie: refreshCookie(request, response, cookie),
    accounts: new DataLoader(async (ids: readonly string[]) => {
      const found = new Map(
        (await accounts.findByIds(ids)).map((account) => [account.id, account]),
      );
      return ids.map((id) => found.get(id));
    }),
  };
}

function headerMap({ headers }: Request): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
