import { createReplayCache } from '../../src/subgraph/replay-cache.ts';
import { type GuardContext, IdentityGuard } from '../../src/subgraph/use/nest.ts';
import { createIdentityVerifier } from '../../src/subgraph/verify-identity.ts';
import { type IdentityKeys, startIdentityKeys } from '../support/identity-keys.ts';

describe('IdentityGuard', () => {
  let keys: IdentityKeys;
  beforeAll(async () => {
    keys = await startIdentityKeys();
  });
  afterAll(() => keys.stop());

  const body = '{"query":"mutation { touch }"}';
  const guardWith = (refusals: string[] = []) =>
    new IdentityGuard(
      createIdentityVerifier({
        gateway: keys.origin,
        subgraph: 'reviews',
        replayCache: createReplayCache(),
      }),
      ({ reason }) => refusals.push(reason),
    );
  const requestWith = (rawBody?: Buffer) => ({
    headers: {
      'txn-token': keys.mint(
        { kind: 'anonymous' },
        { audience: 'reviews', claims: [] },
        { requestId: 'request-1', operation: 'mutation', body },
      ),
    },
    ...(rawBody ? { rawBody } : {}),
  });
  const http = (request: object): GuardContext => ({
    getType: () => 'http',
    getArgs: () => [],
    switchToHttp: () => ({ getRequest: () => request }),
  });
  const graphql = (request: object): GuardContext => ({
    ...http({}),
    getType: () => 'graphql',
    getArgs: () => [undefined, {}, { req: request }],
  });

  it('lets each resolver of one request pass, and leaves the identity on the request', async () => {
    const guard = guardWith();
    const request = requestWith(Buffer.from(body));
    expect(await guard.canActivate(graphql(request))).toBe(true);
    expect(await guard.canActivate(graphql(request))).toBe(true);
    expect(request).toMatchObject({ identity: { kind: 'anonymous', requestId: 'request-1' } });
  });

  it('refuses a request whose bytes were not kept, and says why', async () => {
    const refusals: string[] = [];
    expect(await guardWith(refusals).canActivate(http(requestWith()))).toBe(false);
    expect(refusals).toEqual(['BODY_MISMATCH']);
  });
});
