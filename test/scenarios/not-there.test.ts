import { readFileSync } from 'node:fs';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

const page = readFileSync('docs/gateway.md', 'utf8');
const [section = ''] = page.split('\n## What is not there\n').slice(1).join().split('\n## ');
/** What the page says: the status and the code that a client gets for each. */
const rows = [...section.matchAll(/^\| (.+?) \| (\d{3}) `(\w+)` \| (.+) \|$/gm)].map(
  ([, what = '', status, code, message]) => ({ what, status: Number(status), code, message }),
);

const shop = {
  sdl: `${federation} type Query { products: [Product!] } type Mutation { sell(id: ID!): Product }
    type Subscription { sold: Product } type Product @key(fields: "id") { id: ID! name: String }`,
  entities: ['Product'],
  resolvers: {
    Query: { products: () => [{ id: 'p1', name: 'Kettle' }] },
    Mutation: { sell: () => ({ id: 'p1' }) },
  },
};

const json = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  headers,
  body: JSON.stringify(body),
});
const upload = () => {
  const form = new FormData();
  const query = 'mutation ($file: ID!) { sell(id: $file) { id } }';
  form.set('operations', JSON.stringify({ query, variables: { file: null } }));
  form.set('map', JSON.stringify({ 0: ['variables.file'] }));
  form.set('0', new Blob(['a picture']), 'a.png');
  return { method: 'POST', body: form, headers: { 'apollo-require-preflight': 'true' } };
};
const hash = 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38';
const query = '{ products { id } }';
const subscription = { query: 'subscription { sold { id } }' };

/** How a client asks for each, by the words of the page. */
const attempts: Readonly<Record<string, () => RequestInit & { readonly search?: string }>> = {
  'File uploads (`multipart/form-data`)': upload,
  '`@defer`': () => post({ query: '{ products { id ... @defer { name } } }' }),
  '`@stream`': () => post({ query: '{ products @stream { id } }' }),
  'Several operations in one request': () => post([{ query }, { query }]),
  'Automatic persisted queries': () =>
    post({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
  'Subscriptions over HTTP, as `multipart/mixed`': () =>
    post(subscription, {
      ...json,
      accept: 'multipart/mixed;subscriptionSpec=1.0,application/json',
    }),
  'Subscriptions over HTTP, as `text/event-stream`': () =>
    post(subscription, { ...json, accept: 'text/event-stream' }),
  'Compressed requests': () => post({ query }, { ...json, 'content-encoding': 'gzip' }),
};

describe('what is not there', () => {
  let graph: TestGraph<'shop'>;
  beforeAll(async () => {
    graph = await startTestGraph({ shop: shop as never });
  });
  afterAll(() => graph.stop());

  it('is tried as a whole', () => {
    expect(rows.map(({ what }) => what).sort()).toEqual(Object.keys(attempts).sort());
  });

  it.each(rows)('$what: $status $code, and no subgraph is asked', async (row) => {
    const attempt = attempts[row.what]?.();
    const answer = await fetch(`${graph.gateway.origin}/graphql`, attempt);
    const { errors } = await answer.json();
    expect({ status: answer.status, code: errors[0].extensions.code }).toEqual({
      status: row.status,
      code: row.code,
    });
    expect(row.message).toContain(errors[0].message);
    expect(graph.subgraphs.shop.requests).toEqual([]);
  });
});
