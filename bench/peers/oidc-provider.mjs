/**
 * oidc-provider on PostgreSQL, with a public client whose refresh tokens rotate. As ours, its access
 * tokens are JWTs with HS256, which nothing is stored of; its own default, opaque ones, would cost
 * one insert more.
 */
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import pg from 'pg';
import { createAdapters } from './oidc-adapter.mjs';
import { audience, issuer, key, port, secret } from './settings.mjs';

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.DATABASE_POOL),
  // PostgreSQL takes a hundred connections: while others are measured, they need some of these.
  idleTimeoutMillis: 250,
});
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const day = 86_400;

const provider = new Provider(issuer, {
  adapter: await createAdapters(pool),
  clients: [
    {
      client_id: 'bench',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['https://app.example.com/callback'],
    },
  ],
  findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  rotateRefreshToken: true,
  ttl: { AccessToken: 900, RefreshToken: 15 * day, Grant: 180 * day },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'read',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'HS256', key } },
      }),
    },
  },
  cookies: { keys: [secret] },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] },
});
// The load sees the answer only.
provider.on('server_error', (_context, error) => process.stderr.write(`${error.stack}\n`));
provider.listen(port, '127.0.0.1');
