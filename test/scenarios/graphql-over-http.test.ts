import { auditServer } from 'graphql-http';
import { unmetAudits } from '../support/http-audits.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('GraphQL over HTTP', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  const post = (query: string, headers: Record<string, string>) =>
    fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });

  it('meets every audit', async () => {
    const results = await auditServer({ url: `${gateway.origin}/graphql` });
    expect(results).toHaveLength(61);
    expect(unmetAudits(results).map(({ id, name }) => `${id} ${name}`)).toEqual([]);
  });

  it.each([
    ['application/graphql-response+json', 400],
    ['application/graphql-response+json, application/json;q=0.9', 400],
    ['*/*', 400],
    ['application/json', 200],
  ])('answers a document that does not parse, for Accept: %s, with %i', async (accept, status) => {
    const answer = await post('{', { accept });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
    });
  });

  it('keeps the status of a refusal of its own, whatever the client accepts', async () => {
    const answer = await post(`{ ${'a: me { id } '.repeat(31)} }`, { accept: 'application/json' });
    expect(answer.status).toBe(400);
  });
});
