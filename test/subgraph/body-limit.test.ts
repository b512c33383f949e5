import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { largestSubgraphRequest } from '../../src/subgraph/identity-token.ts';
import { expressIdentity, type Identity } from '../../src/subgraph/index.ts';

describe('the Express middleware', () => {
  const identity: Identity = { kind: 'anonymous', requestId: 'r' };
  const middleware = expressIdentity(async () => identity);
  const server = createServer((request, response) =>
    middleware(request, response, () => response.end('passed')),
  );
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const send = async (body: string) => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
    return { status: answer.status, text: await answer.text() };
  };

  it('takes references to 30,000 entities, and all that the gateway sends', async () => {
    const representations = Array.from({ length: 30_000 }, (_, at) => ({
      __typename: 'Product',
      id: `p${String(at).padStart(8, '0')}`,
    }));
    const body = JSON.stringify({ query: '{ __typename }', variables: { representations } });
    expect(body.length).toBeGreaterThan(1_200_000);
    expect(await send(body)).toEqual({ status: 200, text: 'passed' });
    const largest = JSON.stringify({ query: '' }).padEnd(largestSubgraphRequest);
    expect(await send(largest)).toEqual({ status: 200, text: 'passed' });
  });

  it('refuses more', async () => {
    const { status, text } = await send(' '.repeat(largestSubgraphRequest + 1));
    expect(status).toBe(413);
    expect(text).toContain('BODY_TOO_LARGE');
  });
});
