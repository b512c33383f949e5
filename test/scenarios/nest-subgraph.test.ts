import { type IdentityKeys, startIdentityKeys } from '../support/identity-keys.ts';
import { shownPassword } from '../support/shown-password.ts';
import { type SubgraphProcess, startSubgraphProcess } from '../support/subgraph-processes.ts';

const ada = {
  kind: 'user',
  ...shownPassword,
  userId: 'ada',
  sessionId: 'session',
  scopes: [],
  roles: [],
} as const;

const entities = JSON.stringify({
  query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Review { id reader } } }`,
  variables: { of: [{ __typename: 'Review', id: 'r1' }] },
});
const field = JSON.stringify({ query: '{ review { reader } }' });
const mutation = JSON.stringify({ query: 'mutation { touch }' });
const service = JSON.stringify({ query: '{ _service { sdl } }' });

/** Nest runs no guards for what finds entities and resolves their fields: the middleware stands before all. */
describe('a subgraph of NestJS', () => {
  let keys: IdentityKeys;
  let subgraph: SubgraphProcess;
  beforeAll(async () => {
    keys = await startIdentityKeys();
    subgraph = await startSubgraphProcess('nest', 'reviews', keys.origin);
  });
  afterAll(async () => {
    await subgraph.stop();
    await keys.stop();
  });

  const tokenOf = (body: string) =>
    keys.mint(
      ada,
      { audience: 'reviews', claims: [] },
      { requestId: 'request', operation: body === mutation ? 'mutation' : 'query', body },
    );
  const send = async (body: string, token?: string) => {
    const response = await fetch(subgraph.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { 'txn-token': token } : {}) },
      body,
    });
    const { data, errors } = await response.json();
    return data ?? `${response.status} ${errors[0].extensions.reason}`;
  };

  it.each([
    ['entities', entities, { _entities: [{ id: 'r1', reader: 'ada' }] }],
    ['fields', field, { review: { reader: 'ada' } }],
    ['mutations', mutation, { touch: 'ada' }],
    ['its schema', service, { _service: { sdl: expect.stringContaining('@key(fields: "id")') } }],
  ])(
    'gives %s to whoever the gateway names, and refuses everybody else',
    async (_what, body, answer) => {
      expect(await send(body)).toBe('401 TOKEN_MISSING');
      expect(await send(body, tokenOf(`${body} `))).toBe('401 BODY_MISMATCH');
      expect(await send(body, tokenOf(body))).toEqual(answer);
    },
  );

  it('lives through a burst of bad tokens', async () => {
    const bad = Array.from({ length: 200 }, (_, number) => `${number}.not.ours`);
    const answers = await Promise.all(
      [...bad, ...bad.map(() => undefined), ...bad.map(() => tokenOf('other'))].map((token) =>
        send(entities, token),
      ),
    );
    expect([...new Set(answers)].sort()).toEqual([
      '401 BODY_MISMATCH',
      '401 TOKEN_INVALID',
      '401 TOKEN_MISSING',
    ]);
    expect(await send(field, tokenOf(field))).toEqual({ review: { reader: 'ada' } });
  });
});
