import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createYoga } from 'graphql-yoga';
import {
  createIdentityVerifier,
  createReplayCache,
  type Identity,
  yogaIdentity,
} from '../../src/subgraph/index.ts';
import { subgraphOf } from './federated-schema.ts';

interface Review {
  readonly id: string;
  readonly body: string;
  readonly product: { readonly id: string };
  readonly author: { readonly id: string };
}

const reviews: Review[] = [];

/** Reviews, with GraphQL Yoga. Who wrote one is told by the gateway, never by the client. */
export function startReviews(gateway: string): Server {
  const sdl = readFileSync(new URL('reviews.graphql', import.meta.url), 'utf8');
  const byProduct = ({ id }: { id: string }) => reviews.filter(({ product }) => product.id === id);
  const byAuthor = ({ id }: { id: string }) => reviews.filter(({ author }) => author.id === id);
  const itself = (reference: object) => reference;
  const schema = subgraphOf(sdl, ['Review', 'Product', 'User'], {
    Query: { latestReviews: () => reviews.slice(-10) },
    Mutation: {
      review: (
        _: unknown,
        { product, body }: { product: string; body: string },
        { identity }: { identity: Identity },
      ) => {
        if (identity.kind !== 'user') throw new Error('the gateway lets no one else through');
        const id = `r${reviews.length + 1}`;
        const review = { id, body, product: { id: product }, author: { id: identity.userId } };
        reviews.push(review);
        return review;
      },
    },
    Review: { __resolveReference: ({ id }: Review) => reviews.find((entry) => entry.id === id) },
    Product: { __resolveReference: itself, reviews: byProduct },
    User: { __resolveReference: itself, reviews: byAuthor },
  } as never);
  const verify = createIdentityVerifier({
    gateway,
    subgraph: 'reviews',
    replayCache: createReplayCache(),
  });
  return createServer(createYoga({ schema, plugins: [yogaIdentity(verify)], logging: false }));
}
