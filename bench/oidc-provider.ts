import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { LoadTask } from './load-messages.ts';
import type { MeasuredServer } from './measured-server.ts';
import { startPeer } from './peer.ts';
import type { Person } from './people.ts';

/** Starts oidc-provider, which makes its table. */
export async function startOidcProvider(
  env: Readonly<Record<string, string>>,
): Promise<MeasuredServer> {
  return (await startPeer('oidc-provider', 'oidc-provider', env)).server;
}

/** Its refresh grant with rotation. */
export const oidcRefresh = {
  path: '/token',
  requests: [
    {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=refresh_token&client_id=bench&refresh_token={{token}}',
      expected: { token_type: 'Bearer', scope: 'read' },
    },
  ],
  tokenField: 'refresh_token',
} as const satisfies Partial<LoadTask>;

const day = 86_400;

/**
 * Stores a grant and a refresh token of each, as its models write them after the exchange of a code.
 * Returns the refresh tokens.
 */
export async function storeInOidcProvider(
  client: pg.Client,
  people: readonly Person[],
): Promise<readonly string[]> {
  const iat = Math.floor(Date.now() / 1_000);
  const models = people.flatMap(({ id: accountId }) => {
    const common = { accountId, clientId: 'bench', iat };
    const grantId = newId();
    const grant = {
      ...common,
      kind: 'Grant',
      jti: grantId,
      exp: iat + 180 * day,
      resources: { graph: 'read' },
    };
    const refreshToken = {
      ...common,
      kind: 'RefreshToken',
      jti: newId(),
      exp: iat + 15 * day,
      iiat: iat,
      authTime: iat,
      grantId,
      gty: 'authorization_code',
      resource: 'graph',
      scope: 'read offline_access',
    };
    return [grant, refreshToken];
  });
  await client.query(
    `INSERT INTO oidc_models (kind, id, grant_id, payload, expires_at)
     SELECT payload ->> 'kind', payload ->> 'jti', payload ->> 'grantId', payload,
            to_timestamp((payload ->> 'exp')::bigint)
     FROM unnest($1::jsonb[]) AS model (payload)`,
    [models.map((model) => JSON.stringify(model))],
  );
  await client.query('ANALYZE');
  return models.filter(({ kind }) => kind === 'RefreshToken').map(({ jti }) => jti);
}

/** As long as its own are, of the same letters. */
function newId(): string {
  return randomBytes(32).toString('base64url');
}
