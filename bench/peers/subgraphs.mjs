/**
 * Two subgraphs in one process. What was answered to a body once is answered to the same body again,
 * so that what is measured is the gateway before them.
 */
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';

const products = Array.from({ length: 5 }, (_, index) => ({
  id: `p${index}`,
  name: `Product ${index}`,
}));

const schemas = {
  products: buildSubgraphSchema([
    {
      typeDefs: parse(process.env.PRODUCTS_SDL),
      resolvers: { Query: { topProducts: () => products } },
    },
  ]),
  reviews: buildSubgraphSchema([
    {
      typeDefs: parse(process.env.REVIEWS_SDL),
      resolvers: {
        Product: {
          __resolveReference: ({ id }) => ({ id }),
          reviews: ({ id }) => [
            { id: `${id}-1`, stars: 5 },
            { id: `${id}-2`, stars: 3 },
          ],
        },
      },
    },
  ]),
};

async function serve(schema, port) {
  const known = new Map();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    let answer = known.get(text);
    if (!answer) {
      const { query, variables } = JSON.parse(text);
      answer = JSON.stringify(await graphql({ schema, source: query, variableValues: variables }));
      known.set(text, answer);
    }
    response.setHeader('content-type', 'application/json');
    response.end(answer);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

await serve(schemas.reviews, Number(process.env.REVIEWS_PORT));
await serve(schemas.products, Number(process.env.PORT));
