import jwt from 'jsonwebtoken';
import type { Caller, IdentityRecipient } from '../../../src/federation/identity/mint-identity.ts';
import { bodyDigest } from '../../../src/subgraph/identity-token.ts';
import { type IdentityKeys, startIdentityKeys } from '../../support/identity-keys.ts';
import { shownPassword } from '../../support/shown-password.ts';

const user: Caller = {
  kind: 'user',
  ...shownPassword,
  userId: 'user-1',
  sessionId: 'session-1',
  scopes: ['reviews:read', 'reviews:write'],
  roles: ['user'],
};
const reviews: IdentityRecipient = { audience: 'reviews', claims: ['sid', 'scope', 'roles'] };
const request = { requestId: 'request-1', operation: 'query', body: '{"query":"{me}"}' } as const;

describe('mintIdentity', () => {
  let keys: IdentityKeys;
  beforeAll(async () => {
    keys = await startIdentityKeys(() => new Date(1_800_000_000_000));
  });
  afterAll(() => keys.stop());

  const mint = (caller: Caller, recipient = reviews) => {
    const decoded = jwt.decode(keys.mint(caller, recipient, request), { complete: true });
    if (!decoded) throw new Error('no token');
    return { header: decoded.header, claims: decoded.payload as Record<string, unknown> };
  };

  it('makes a transaction token for one subgraph, one body and a minute', () => {
    const { header, claims } = mint(user);
    expect(header).toMatchObject({ alg: 'ES256', typ: 'txntoken+jwt' });
    expect(claims).toEqual({
      iss: keys.origin,
      aud: 'reviews',
      sub: 'user-1',
      sid: 'session-1',
      scope: 'reviews:read reviews:write',
      roles: ['user'],
      txn: 'request-1',
      iat: 1_800_000_000,
      exp: 1_800_000_060,
      jti: expect.any(String),
      op: 'query',
      body_sha256: bodyDigest(request.body),
    });
  });

  it('marks an anonymous caller, and names no account', () => {
    const { claims } = mint({ kind: 'anonymous' });
    expect(claims).toMatchObject({ aud: 'reviews', anonymous: true, txn: 'request-1' });
    for (const name of ['sub', 'sid', 'scope', 'roles', 'act']) {
      expect(claims).not.toHaveProperty(name);
    }
  });

  it('tells a subgraph only what its list allows', () => {
    const { claims } = mint(user, { audience: 'products', claims: ['roles'] });
    expect(claims).toMatchObject({ aud: 'products', sub: 'user-1', roles: ['user'] });
    expect(claims).not.toHaveProperty('sid');
    expect(claims).not.toHaveProperty('scope');
  });

  it('says who acts for the user, whatever the list allows', () => {
    const { claims } = mint({ ...user, actorId: 'admin-1' }, { audience: 'products', claims: [] });
    expect(claims).toMatchObject({ sub: 'user-1', act: { sub: 'admin-1' } });
  });
});
